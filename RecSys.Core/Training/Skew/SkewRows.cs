using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Features;

namespace RecSys.Core.Training.Skew;

/// <summary>Computes the features of logged requests again. Reuses its buffers; not thread-safe.</summary>
internal sealed class SkewRows(LiveState state, SkewModels models, FeatureCatalogue catalogue)
{
    private readonly FeatureExtractor extractor = new(catalogue);
    private readonly UserCopy user = new();
    private float[] embedding = [];
    private float[] matrix = [];

    /// <param name="request">As logged; its items are in the catalogue and its model is loaded.</param>
    /// <param name="tally">Gets every row.</param>
    public void Compare(ServedRecord request, SkewTally tally)
    {
        var width = catalogue.Count;
        if (matrix.Length < request.Items.Count * width) matrix = new float[request.Items.Count * width];
        var candidates = new CandidateInput[request.Items.Count];
        for (var i = 0; i < candidates.Length; i++)
            candidates[i] = new CandidateInput(request.Items[i].Item, request.Items[i].RetrievalScore, request.Items[i].RetrievalRank);
        extractor.Fill(RequestOf(request), state.Features, candidates, matrix);
        for (var i = 0; i < candidates.Length; i++) tally.Add(request.Items[i].Features!, matrix.AsSpan(i * width, width));
    }

    private FeatureRequest RequestOf(ServedRecord request)
    {
        var model = models[request.Assignment.ModelVersion];
        state.TryCopy(request.UserId, user);
        var (device, location) = (ContextCodes.Device(request.Device), ContextCodes.Location(request.Location));
        if (embedding.Length != model.Dimension) embedding = new float[model.Dimension];
        model.EmbedUser(user.State.RecentItems, user.Profile, device, location, embedding);
        return FeatureRequest.Of(user.Profile, user.State, request.FeatureTime.ToUnixTimeMilliseconds(), device, location, model,
            embedding);
    }
}
