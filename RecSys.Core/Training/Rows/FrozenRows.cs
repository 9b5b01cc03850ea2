using System.Numerics.Tensors;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Training.Towers;

namespace RecSys.Core.Training.Rows;

/// <summary>Feature rows of impressions as a state that takes nothing in any more sees them: only the clock goes on.</summary>
internal static class FrozenRows
{
    /// <param name="users">Profiles.</param>
    /// <param name="state">What is known.</param>
    /// <param name="impressions">Impressions by known users, each a row.</param>
    /// <param name="towers">Towers that do not know them.</param>
    /// <param name="extractor">The feature code that serving uses.</param>
    /// <param name="cancellationToken">Stops between rows.</param>
    /// <returns>Row-major [impressions × features].</returns>
    public static float[] Build(
        UserDirectory users, FeatureState state, IReadOnlyList<LogEvent> impressions, ITowerView towers, FeatureExtractor extractor,
        CancellationToken cancellationToken)
    {
        var width = extractor.Catalogue.Count;
        var values = new float[impressions.Count * width];
        var embedding = new float[towers.Dimension];
        for (var row = 0; row < impressions.Count; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var e = impressions[row];
            var user = state.FindUser(e.User);
            towers.Embed(e.User, user, e.Device, e.Location, embedding);
            var score = towers.TryGet(e.Item, out var item) ? TensorPrimitives.Dot<float>(embedding, item) : float.NaN;
            var request = FeatureRequest.Of(users[e.User], user, e.TimeMs, e.Device, e.Location, towers, embedding);
            extractor.Fill(request, state, [new CandidateInput(e.Item, score, RetrievalRank: -1, e.Position)],
                values.AsSpan(row * width, width));
        }
        return values;
    }
}
