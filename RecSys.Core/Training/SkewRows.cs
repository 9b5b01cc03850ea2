using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Storage;

namespace RecSys.Core.Training;

/// <summary>Computes the features of logged requests again. Reuses its buffers; not thread-safe.</summary>
internal sealed class SkewRows(InteractionLogReading reading, SkewModels models, FeatureCatalogue catalogue)
{
    private readonly FeatureExtractor extractor = new(catalogue);
    private readonly int storedUsers = reading.Log.Users.Count - reading.ImplicitUsers;
    private float[] embedding = [];
    private float[] matrix = [];

    /// <param name="request">As logged; its items are in the catalogue and its model is loaded.</param>
    /// <param name="state">The events that the server knew.</param>
    /// <param name="tally">Gets every row.</param>
    public void Compare(ServedRecord request, FeatureState state, SkewTally tally)
    {
        var width = catalogue.Count;
        if (matrix.Length < request.Items.Count * width) matrix = new float[request.Items.Count * width];
        var candidates = new CandidateInput[request.Items.Count];
        for (var i = 0; i < candidates.Length; i++)
            candidates[i] = new CandidateInput(request.Items[i].Item, request.Items[i].RetrievalScore, request.Items[i].RetrievalRank);
        extractor.Fill(RequestOf(request, state), state, candidates, matrix);
        for (var i = 0; i < candidates.Length; i++) tally.Add(request.Items[i].Features!, matrix.AsSpan(i * width, width));
    }

    private FeatureRequest RequestOf(ServedRecord request, FeatureState state)
    {
        var model = models[request.Assignment.ModelVersion];
        var (profile, history) = Find(request.UserId, state);
        var (device, location) = (ContextCodes.Device(request.Device), ContextCodes.Location(request.Location));
        if (embedding.Length != model.Dimension) embedding = new float[model.Dimension];
        model.EmbedUser(history is null ? [] : history.RecentItems, profile, device, location, embedding);
        return FeatureRequest.Of(profile, history, request.FeatureTime.ToUnixTimeMilliseconds(), device, location, model, embedding);
    }

    // A user that is not stored is known from its first event on, to the server as to the replay.
    private (User? Profile, UserState? History) Find(string id, FeatureState state)
    {
        if (!reading.Log.Users.TryGetOrdinal(id, out var user)) return (null, null);
        var history = state.FindUser(user);
        return (history is not null || user < storedUsers ? reading.Log.Users[user] : null, history);
    }
}
