using System.Buffers;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Filters;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>
/// When the filters left fewer items than are asked for: what is popular further down, then anything servable that the user has not seen,
/// then what the user saw longest ago, and the reply says <c>repeats</c>. Never what is unservable or rejected.
/// </summary>
internal sealed class RefillSource(PopularItems popular) : IStage
{
    private const int AskEvery = 1024;

    public string Name => "refill";
    public StageKind Kind => StageKind.Retrieve;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        if (context.Candidates.Count >= context.Request.NumItems) return ValueTask.CompletedTask;
        // Some to spare: duplicates are taken out behind this stage.
        var target = 2 * context.Request.NumItems;
        AddUnseen(context, popular.Current(context.User.Profile, context.Device, context.Location), target);
        AddUnseen(context, popular.Current(), target);
        if (context.Candidates.Count < target) Walk(context, target);
        if (context.Candidates.Count < context.Request.NumItems) AddRepeats(context);
        return ValueTask.CompletedTask;
    }

    private static void AddUnseen(RecommendationContext context, ReadOnlySpan<int> ranked, int target)
    {
        var (window, seen) = (SeenWindow.Of(context), context.User.Seen);
        for (var at = 0; at < ranked.Length && context.Candidates.Count < target; at++)
        {
            var item = ranked[at];
            if (context.Catalog.IsServable(item) && window.ReasonAgainst(seen.Find(item)) is null)
                RankedCandidates.AddOne(context, item, CandidateSources.Deeper);
        }
    }

    // From a place of its own for every user and hour, so that not everybody gets the same items.
    private static void Walk(RecommendationContext context, int target)
    {
        var (window, seen, catalog) = (SeenWindow.Of(context), context.User.Seen, context.Catalog);
        if (catalog.Count == 0) return;
        var start = StableHash.Of(context.Request.UserId, (ulong)context.Time.ToUnixTimeSeconds() / 3600) % (ulong)catalog.Count;
        for (var step = 0; step < catalog.Count && context.Candidates.Count < target; step++)
        {
            if (step % AskEvery == AskEvery - 1 && context.OutOfTime()) return;
            var item = (int)((start + (ulong)step) % (ulong)catalog.Count);
            if (catalog.IsServable(item) && window.ReasonAgainst(seen.Find(item)) is null)
                RankedCandidates.AddOne(context, item, CandidateSources.Deeper);
        }
    }

    // What was only shown comes before what was consumed, each the oldest first.
    private static void AddRepeats(RecommendationContext context)
    {
        var wanted = context.Request.NumItems;
        var entries = ArrayPool<SeenEntry>.Shared.Rent(Math.Max(1, context.User.Seen.Count));
        try
        {
            var seen = entries.AsSpan(0, context.User.Seen.CopyTo(entries));
            seen.Sort(static (a, b) => a.ConsumedMs is null != b.ConsumedMs is null
                ? (a.ConsumedMs is null ? -1 : 1)
                : a.LastSeconds != b.LastSeconds ? a.LastSeconds.CompareTo(b.LastSeconds) : a.Item.CompareTo(b.Item));
            foreach (ref readonly var entry in seen)
            {
                if (context.Candidates.Count >= wanted) break;
                if (entry.Rejected || entry.Item >= context.Catalog.Count || !context.Catalog.IsServable(entry.Item)) continue;
                if (RankedCandidates.AddOne(context, entry.Item, CandidateSources.Repeated)) context.Degrade("repeats");
            }
        }
        finally
        {
            ArrayPool<SeenEntry>.Shared.Return(entries);
        }
    }
}
