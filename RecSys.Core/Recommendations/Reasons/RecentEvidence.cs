using System.Buffers;
using RecSys.Core.Domain;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Sources;
using RecSys.Core.Retrieval.ItemTables;
using RecSys.Core.Retrieval.Neighbours;

namespace RecSys.Core.Recommendations.Reasons;

/// <summary>
/// Which of the user's latest items speaks most for an item, by what its source goes by: decayed pairs of choices, or the model's
/// neighbours. Found anew for a list, from the same tables that proposed its items.
/// </summary>
internal sealed class RecentEvidence
{
    private readonly Dictionary<int, (int Recent, float Strength)> together = [];
    private readonly Dictionary<int, (int Recent, float Strength)> neighbours = [];

    public RecentEvidence(RecommendationContext context)
    {
        var sources = CandidateSources.None;
        foreach (ref readonly var candidate in context.Candidates.Items) sources |= candidate.Sources;
        if (sources.HasFlag(CandidateSources.CoVisitation)) ReadTogether(context);
        if (sources.HasFlag(CandidateSources.Neighbours)) ReadNeighbours(context);
    }

    /// <summary>The latest item that speaks most for a candidate; null where no item of those that may be named does (any more).</summary>
    public int? For(in Candidate candidate)
    {
        var best = (Recent: -1, Strength: 0f);
        if (candidate.Sources.HasFlag(CandidateSources.Neighbours) && neighbours.TryGetValue(candidate.Item, out var found)) best = found;
        else if (candidate.Sources.HasFlag(CandidateSources.CoVisitation) && together.TryGetValue(candidate.Item, out found)) best = found;
        return best.Recent < 0 ? null : best.Recent;
    }

    private void ReadTogether(RecommendationContext context)
    {
        var (fold, timeMs) = (context.World.Fold<CoVisitation>(), context.FeatureTimeMs);
        var (items, counts) = (ArrayPool<int>.Shared.Rent(fold.Capacity), ArrayPool<float>.Shared.Rent(fold.Capacity));
        var recent = context.User.State.RecentItems;
        var weight = 1f;
        for (var age = 0; age < Math.Min(recent.Length, CoVisitationSource.Seeds); age++, weight *= CoVisitationSource.LagWeight)
        {
            var item = recent[recent.Length - 1 - age];
            if (!MayBeNamed(context.Catalog, item)) continue;
            var total = fold.TotalOf(item, timeMs);
            var found = fold.Read(item, timeMs, items, counts);
            for (var i = 0; i < found; i++)
            {
                var likeness = counts[i] / CoVisitationSource.Spread(total, fold.TotalOf(items[i], timeMs));
                Keep(together, items[i], item, weight * likeness);
            }
        }
        ArrayPool<int>.Shared.Return(items);
        ArrayPool<float>.Shared.Return(counts);
    }

    private void ReadNeighbours(RecommendationContext context)
    {
        Span<int> items = stackalloc int[ItemTable.MostPerItem];
        Span<float> similarities = stackalloc float[ItemTable.MostPerItem];
        var recent = context.User.State.RecentItems;
        for (var age = 0; age < Math.Min(recent.Length, NeighbourVotes.HistoryLength); age++)
        {
            var item = recent[recent.Length - 1 - age];
            if (!MayBeNamed(context.Catalog, item)) continue;
            var found = context.Model.ReadNeighbours(item, items, similarities);
            for (var i = 0; i < found; i++) Keep(neighbours, items[i], item, similarities[i] * NeighbourVotes.VoteOf(age));
        }
    }

    // What may not be served is not named either: its title may be what it was flagged for.
    private static bool MayBeNamed(ItemCatalog catalog, int item) =>
        (uint)item < (uint)catalog.Count && catalog.IsServable(item) && catalog.TitleOf(item).Length > 0;

    private static void Keep(Dictionary<int, (int Recent, float Strength)> best, int item, int recent, float strength)
    {
        if (!best.TryGetValue(item, out var known) || strength > known.Strength) best[item] = (recent, strength);
    }
}
