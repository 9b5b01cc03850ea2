using System.Buffers;
using RecSys.Core.Domain;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Explaining;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>
/// Items chosen together with the user's last 20: sum over them of 0.9^lag × n(a,b) / (√(n(a) n(b)) + 5), n being decayed numbers of pairs.
/// The root keeps items that go with everything from leading, the 5 keeps single coincidences down.
/// </summary>
internal sealed class CoVisitationSource : IRankedSource
{
    internal const int Seeds = 20;
    internal const float LagWeight = 0.9f;
    private const float Shrinkage = 5;

    public string Name => "co_visitation";
    public StageKind Kind => StageKind.Retrieve;

    public bool AppliesTo(RecommendationContext context) => context.Proposes(PolicySources.CoVisitation);

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        var limit = context.Policy.CoVisitationLimit;
        Span<int> seeds = stackalloc int[Seeds];
        seeds = seeds[..LastItems(context, seeds)];
        if (limit == 0 || seeds.IsEmpty) return ValueTask.CompletedTask;
        var together = context.World.Fold<CoVisitation>();
        var items = ArrayPool<int>.Shared.Rent(seeds.Length * together.Capacity);
        var scores = ArrayPool<float>.Shared.Rent(seeds.Length * together.Capacity);
        try
        {
            var found = Rank(context, together, seeds, items, scores);
            RankedCandidates.Add(context, items.AsSpan(0, found), CandidateSources.CoVisitation, limit);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(items);
            ArrayPool<float>.Shared.Return(scores);
        }
        return ValueTask.CompletedTask;
    }

    public SourceStanding StandingOf(RecommendationContext context, int item)
    {
        var name = CandidateSourceNames.Of(CandidateSources.CoVisitation);
        Span<int> seeds = stackalloc int[Seeds];
        seeds = seeds[..LastItems(context, seeds)];
        if (context.Policy.CoVisitationLimit == 0 || seeds.IsEmpty) return new SourceStanding(name, null, 0);
        var together = context.World.Fold<CoVisitation>();
        var (items, scores) = (new int[seeds.Length * together.Capacity], new float[seeds.Length * together.Capacity]);
        var found = items.AsSpan(0, Rank(context, together, seeds, items, scores));
        var at = found.IndexOf(item);
        return new SourceStanding(
            name, RankedCandidates.RankOf(context, found, item), context.Policy.CoVisitationLimit, at < 0 ? null : scores[at]);
    }

    /// <summary>What the pairs of two items are divided by, from the pairs that each of them has.</summary>
    internal static float Spread(float total, float other) => MathF.Sqrt(total * other) + Shrinkage;

    // Best first.
    private static int Rank(RecommendationContext context, CoVisitation together,
        ReadOnlySpan<int> seeds, Span<int> items, Span<float> scores)
    {
        var found = Collect(context, together, seeds, items, scores);
        return Merge(items[..found], scores[..found]);
    }

    // Latest first.
    private static int LastItems(RecommendationContext context, Span<int> seeds)
    {
        var recent = context.User.State.RecentItems;
        var count = Math.Min(recent.Length, seeds.Length);
        recent[^count..].CopyTo(seeds);
        seeds[..count].Reverse();
        return count;
    }

    private static int Collect(RecommendationContext context, CoVisitation together,
        ReadOnlySpan<int> seeds, Span<int> items, Span<float> scores)
    {
        var timeMs = context.FeatureTimeMs;
        var found = 0;
        var weight = 1f;
        foreach (var seed in seeds)
        {
            // The latest items come first, so those that are left out matter least.
            if (context.OutOfTime()) break;
            var total = together.TotalOf(seed, timeMs);
            var count = together.Read(seed, timeMs, items[found..], scores[found..]);
            for (var i = found; i < found + count; i++)
                scores[i] *= weight / Spread(total, together.TotalOf(items[i], timeMs));
            found += count;
            weight *= LagWeight;
        }
        return found;
    }

    // Sums the scores of each item and leaves the items at the front, best first.
    private static int Merge(Span<int> items, Span<float> scores)
    {
        items.Sort(scores);
        var merged = 0;
        for (var i = 0; i < items.Length; i++)
        {
            if (merged > 0 && items[merged - 1] == items[i]) scores[merged - 1] += scores[i];
            else (items[merged], scores[merged++]) = (items[i], scores[i]);
        }
        scores[..merged].Sort(items[..merged], static (a, b) => b.CompareTo(a));
        return merged;
    }
}
