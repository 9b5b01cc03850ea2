using RecSys.Core.Domain;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Rules;

/// <summary>
/// Gives each place of the list, independently and with the probability <see cref="Policy.ExplorationShare"/>, to an item drawn evenly
/// among the best behind the list, whose turn would otherwise never come. The probability of what stands at each place is exact, given the
/// places before it: <c>1 - share</c> for the item by score and <c>share / n</c> for one of n eligible items; 1 where none is eligible.
/// Items that would break the diversity rule or a cap are not eligible, and pinned places are not explored. The draw depends on the id of
/// the request alone.
/// </summary>
internal sealed class ExplorationStage : IStage
{
    // Two draws a place, each a function of its own of the request's id.
    private const ulong Seed = 0xE8_91_0E_00_00_00_00_00;

    public string Name => "explore";
    public StageKind Kind => StageKind.Rerank;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        if (context.Policy.ExplorationShare > 0) Explore(context);
        return ValueTask.CompletedTask;
    }

    private static void Explore(RecommendationContext context)
    {
        var (candidates, share) = (context.Candidates, context.Policy.ExplorationShare);
        var length = Math.Min(context.Request.NumItems, candidates.Count);
        var pool = Math.Min(context.Policy.ExplorationPool, candidates.Count - length);
        if (pool == 0) return;
        Span<int> eligible = stackalloc int[pool];
        Span<bool> taken = stackalloc bool[pool];
        taken.Clear();
        for (var place = 0; place < length; place++)
        {
            var explored = Uniform(context.RequestId, place, 0) < share;
            if (candidates.Items[place].Slot == SlotKind.Pinned) continue;
            // For an item by score it matters only whether there was an alternative.
            var count = Eligible(context, place, length, taken, explored ? eligible : eligible[..1]);
            if (count == 0) continue;
            if (!explored)
            {
                candidates.SetSlot(place, SlotKind.Ranked, 1 - share);
                continue;
            }
            var drawn = eligible[(int)(Uniform(context.RequestId, place, 1) * count)];
            taken[drawn - length] = true;
            context.Draw(candidates.Items[drawn].Item, PoolOf(context, eligible[..count]));
            candidates.Swap(place, drawn);
            candidates.SetSlot(place, SlotKind.Explored, share / count);
        }
    }

    private static int[] PoolOf(RecommendationContext context, ReadOnlySpan<int> eligible)
    {
        var items = context.Candidates.Items;
        var pool = new int[eligible.Length];
        for (var i = 0; i < pool.Length; i++) pool[i] = items[eligible[i]].Item;
        Array.Sort(pool);
        return pool;
    }

    // As many as there is room for. What an earlier place gave up stands where the drawn item stood, and is not drawn again.
    private static int Eligible(RecommendationContext context, int place, int length, ReadOnlySpan<bool> taken, Span<int> eligible)
    {
        var items = context.Candidates.Items;
        var count = 0;
        for (var i = 0; i < taken.Length && count < eligible.Length; i++)
        {
            if (!taken[i] && items[length + i].Slot != SlotKind.Pinned && double.IsFinite(items[length + i].Score)
                && IsDiverse(context, place, length, items[length + i].Item))
                eligible[count++] = length + i;
        }
        return count;
    }

    private static bool IsDiverse(RecommendationContext context, int place, int length, int item)
    {
        for (var at = 0; at < PlaceLimit.CountOf(context); at++)
        {
            if (!Keeps(context, PlaceLimit.Of(context, at), place, length, item)) return false;
        }
        return true;
    }

    private static bool Keeps(RecommendationContext context, PlaceLimit limit, int place, int length, int item)
    {
        var first = Math.Min(limit.Top, length);
        if (place >= first || limit.GroupOf(context, item) is not { } group) return true;
        var items = context.Candidates.Items;
        // Where groups are few, a list may hold more of one than is allowed; it then has no more of it than before.
        if (limit.GroupOf(context, items[place].Item) == group) return true;
        var others = 0;
        for (var i = 0; i < first; i++)
        {
            if (i != place && limit.GroupOf(context, items[i].Item) == group) others++;
        }
        return others < limit.Most;
    }

    // 53 random bits.
    private static double Uniform(string requestId, int place, ulong draw) =>
        (StableHash.Of(requestId, Seed + ((ulong)place << 1) + draw) >> 11) * (1.0 / (1UL << 53));
}
