using System.Buffers;
using System.Numerics;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Filters;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>
/// When the filters left the ranker little to choose from: the nearest items further down that the filters let pass, by one search of
/// bounded depth. When there are then still fewer than are asked for: what is popular further down, anything servable that the user has not
/// seen, at last what the user saw longest ago, and the reply says <c>repeats</c>. Never what is unservable or rejected, nor what
/// the request does not want, and of items with
/// the same title and creator one. Sources that the policy does without take no part here either.
/// </summary>
internal sealed class RefillSource(PopularItems popular) : IStage
{
    private const int AskEvery = 1024;

    // Fewer than a quarter of the wanted candidates are little to choose from; then up to half of them are searched for.
    private const int Little = 4;
    private const int Refilled = 2;

    // The deeper search looks at so many times the wanted candidates, and at what the user has seen beside, up to as many again.
    private const int Depth = 8;

    [ThreadStatic]
    private static HashSet<ulong>? duplicateKeys;

    public string Name => "refill";
    public StageKind Kind => StageKind.Retrieve;

    public bool AppliesTo(RecommendationContext context) => context.Proposes(PolicySources.Deeper | PolicySources.Repeated);

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        var (wanted, candidates) = (context.Request.NumItems, context.Policy.Candidates);
        if (context.Candidates.Count >= Math.Max(wanted, candidates / Little)) return ValueTask.CompletedTask;
        var room = new Room(context, duplicateKeys ??= new HashSet<ulong>(1024));
        if (context.Uses(PolicySources.Deeper)) GoDeeper(context, room, wanted);
        if (context.Candidates.Count < wanted && context.Uses(PolicySources.Repeated)) AddRepeats(context, room);
        return ValueTask.CompletedTask;
    }

    private void GoDeeper(RecommendationContext context, Room room, int wanted)
    {
        // Some to spare: what became unservable meanwhile is taken out behind the ranker.
        if (context.Uses(PolicySources.TwoTower))
            SearchDeeper(context, room, Math.Max(2 * wanted, context.Policy.Candidates / Refilled) - context.Candidates.Count);
        if (context.Candidates.Count >= wanted) return;
        var target = 2 * wanted;
        if (context.Uses(PolicySources.Popular))
        {
            AddUnseen(context, room, popular.Current(context.User.Profile, context.Device, context.Location), target);
            AddUnseen(context, room, popular.Current(), target);
        }
        if (context.Candidates.Count < target) Walk(context, room, target);
    }

    private static void SearchDeeper(RecommendationContext context, Room room, int missing)
    {
        var (model, wanted, seen) = (context.Model, context.Policy.Candidates, context.User.Seen.Count);
        // A search that has failed fails again; one that has proposed everything has nothing further down.
        if (context.Narrowing.IsSet && context.Narrowing.Count <= wanted) return;
        if (!context.HasUserEmbedding || !context.Retrieved || model.Bundle.Index.Count + model.NewItems <= wanted) return;
        var depth = Depth * wanted + Math.Min(seen, Depth * wanted);
        if (context.Narrowing.IsSet)
        {
            SearchAmong(context, room, missing, Math.Min(context.Narrowing.Count, depth));
            return;
        }
        var (items, scores) = (ArrayPool<int>.Shared.Rent(missing), ArrayPool<float>.Shared.Rent(missing));
        try
        {
            using var search = PipelineMetrics.Activities.StartActivity("vector_search");
            var found = model.Search(context.UserEmbedding, items.AsSpan(0, missing), scores.AsSpan(0, missing), room.Passes, depth);
            // They stand behind everything that the search before could have proposed.
            for (var i = 0; i < found; i++)
                room.Add(items[i], CandidateSources.TwoTower | CandidateSources.Deeper, scores[i], wanted + i);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(items);
            ArrayPool<float>.Shared.Return(scores);
        }
    }

    private static void SearchAmong(RecommendationContext context, Room room, int missing, int depth)
    {
        var (items, scores) = (ArrayPool<int>.Shared.Rent(depth), ArrayPool<float>.Shared.Rent(depth));
        try
        {
            using var search = PipelineMetrics.Activities.StartActivity("vector_search");
            var found = context.Model.SearchAmong(
                context.UserEmbedding, context.Narrowing.Bits, context.Narrowing.Count, items.AsSpan(0, depth), scores.AsSpan(0, depth));
            var wanted = context.Candidates.Count + missing;
            for (var i = 0; i < found && context.Candidates.Count < wanted; i++)
            {
                if (room.Passes(items[i]))
                    room.Add(items[i], CandidateSources.TwoTower | CandidateSources.Deeper, scores[i], context.Policy.Candidates + i);
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(items);
            ArrayPool<float>.Shared.Return(scores);
        }
    }

    private static void AddUnseen(RecommendationContext context, Room room, ReadOnlySpan<int> ranked, int target)
    {
        for (var at = 0; at < ranked.Length && context.Candidates.Count < target; at++)
        {
            if (room.Passes(ranked[at])) room.Add(ranked[at], CandidateSources.Deeper);
        }
    }

    // From a place of its own for every user and hour, so that not everybody gets the same items.
    private static void Walk(RecommendationContext context, Room room, int target)
    {
        var catalog = context.Catalog;
        if (catalog.Count == 0) return;
        var start = StableHash.Of(context.Request.UserId, (ulong)context.Time.ToUnixTimeSeconds() / 3600) % (ulong)catalog.Count;
        if (context.Narrowing.IsSet)
        {
            WalkAmong(context, room, (int)start, target);
            return;
        }
        for (var step = 0; step < catalog.Count && context.Candidates.Count < target; step++)
        {
            if (step % AskEvery == AskEvery - 1 && context.OutOfTime()) return;
            var item = (int)((start + (ulong)step) % (ulong)catalog.Count);
            if (room.Passes(item)) room.Add(item, CandidateSources.Deeper);
        }
    }

    // The same among what passes the filter: where few do, most steps of the walk would be for nothing.
    private static void WalkAmong(RecommendationContext context, Room room, int start, int target)
    {
        var (bits, steps) = (context.Narrowing.Bits.Length, 0);
        for (var word = 0; word < bits; word++)
        {
            var at = (start / 64 + word) % bits;
            for (var left = context.Narrowing.Bits[at]; left != 0 && context.Candidates.Count < target; left &= left - 1)
            {
                if (++steps % AskEvery == 0 && context.OutOfTime()) return;
                var item = at * 64 + BitOperations.TrailingZeroCount(left);
                if (room.Passes(item)) room.Add(item, CandidateSources.Deeper);
            }
        }
    }

    // What was only shown comes before what was consumed, each the oldest first.
    private static void AddRepeats(RecommendationContext context, Room room)
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
                if (!context.Wants(entry.Item)) continue;
                if (room.Add(entry.Item, CandidateSources.Repeated)) context.Degrade(RecommendationContext.Repeats);
            }
        }
        finally
        {
            ArrayPool<SeenEntry>.Shared.Return(entries);
        }
    }

    /// <summary>What the filters in front of this stage would leave in, beside the candidates that there are.</summary>
    private sealed class Room
    {
        private readonly RecommendationContext context;
        private readonly HashSet<ulong> taken;
        private readonly SeenWindow window;

        public Room(RecommendationContext context, HashSet<ulong> taken)
        {
            (this.context, this.taken, window) = (context, taken, SeenWindow.Of(context));
            taken.Clear();
            foreach (ref readonly var candidate in context.Candidates.Items) taken.Add(context.Catalog.DuplicateKey(candidate.Item));
        }

        public bool Passes(int item) =>
            context.Catalog.IsServable(item) && window.ReasonAgainst(context.User.Seen.Find(item)) is null
            && !taken.Contains(context.Catalog.DuplicateKey(item)) && context.Wants(item);

        public bool Add(int item, CandidateSources source) =>
            taken.Add(context.Catalog.DuplicateKey(item)) && RankedCandidates.AddOne(context, item, source);

        public void Add(int item, CandidateSources source, float score, int rank)
        {
            if (taken.Add(context.Catalog.DuplicateKey(item))) context.Candidates.Add(item, source, score, rank);
        }
    }
}
