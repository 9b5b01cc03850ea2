using System.Numerics.Tensors;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>Adds a ranked list to the candidates of a request.</summary>
internal static class RankedCandidates
{
    // Asking for the time costs as much as a candidate or two.
    private const int AskEvery = 16;

    // An item that the search did not find has a tower score all the same, and stands behind everything that it found.
    private const int BeyondTheSearch = 10_000;

    /// <summary>Adds the first <paramref name="limit"/> items that the user neither consumed nor was shown nor rejected, so that filters leave them in; fewer when the time is up.</summary>
    public static void Add(RecommendationContext context, ReadOnlySpan<int> ranked, CandidateSources source, int limit)
    {
        var user = context.User;
        var added = 0;
        lock (user?.Gate ?? context)
        {
            for (var rank = 0; rank < ranked.Length && added < limit; rank++)
            {
                if (rank % AskEvery == AskEvery - 1 && context.OutOfTime()) return;
                var item = ranked[rank];
                if (user is not null && (user.ConsumedAt(item) is not null || user.ShownAt(item) is not null || user.HasRejected(item))) continue;
                if (context.HasUserEmbedding && context.Model.TryGet(item, out var embedding))
                    context.Candidates.Add(item, source, TensorPrimitives.Dot(context.UserEmbedding, embedding), BeyondTheSearch);
                else context.Candidates.Add(item, source);
                added++;
            }
        }
    }
}
