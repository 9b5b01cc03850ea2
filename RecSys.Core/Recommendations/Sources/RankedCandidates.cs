using System.Numerics.Tensors;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Filters;
using RecSys.Core.Retrieval.Neighbours;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>Adds a ranked list to the candidates of a request.</summary>
internal static class RankedCandidates
{
    // Asking for the time costs as much as a candidate or two.
    private const int AskEvery = 16;

    /// <summary>
    /// Adds the first <paramref name="limit"/> items that the filters of user and request will leave in; fewer when the time is up.
    /// </summary>
    public static void Add(RecommendationContext context, ReadOnlySpan<int> ranked, CandidateSources source, int limit)
    {
        var seen = context.User.Seen;
        var window = SeenWindow.Of(context);
        var added = 0;
        for (var rank = 0; rank < ranked.Length && added < limit; rank++)
        {
            if (rank % AskEvery == AskEvery - 1 && context.OutOfTime()) return;
            if (window.ReasonAgainst(seen.Find(ranked[rank])) is not null || !context.Wants(ranked[rank])) continue;
            AddOne(context, ranked[rank], source);
            added++;
        }
    }

    /// <summary>Where an item stands among those of a ranking that the filters of user and request leave in.</summary>
    /// <returns>Zero-based; null where the item is not in the ranking, or they do not leave it in.</returns>
    public static int? RankOf(RecommendationContext context, ReadOnlySpan<int> ranked, int item)
    {
        var (seen, window, rank) = (context.User.Seen, SeenWindow.Of(context), 0);
        foreach (var other in ranked)
        {
            var passes = window.ReasonAgainst(seen.Find(other)) is null && context.Wants(other);
            if (other == item) return passes ? rank : null;
            if (passes) rank++;
        }
        return null;
    }

    /// <summary>Adds an item with its tower score, where it has one.</summary>
    /// <returns>False when the item was there already.</returns>
    public static bool AddOne(RecommendationContext context, int item, CandidateSources source) =>
        context.HasUserEmbedding && context.Model.TryGet(item, out var embedding)
            ? context.Candidates.Add(item, source, TensorPrimitives.Dot(context.UserEmbedding, embedding), CandidateUnion.BeyondTheSearch)
            : context.Candidates.Add(item, source);
}
