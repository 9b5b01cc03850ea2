using System.Buffers;
using RecSys.Core.Domain;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Rules;

/// <summary>
/// Moves pinned items to their places; the others keep their order around them. In a list that is too short for a place the item
/// stands at its end.
/// </summary>
internal sealed class PinStage : IStage
{
    public string Name => "pins";
    public StageKind Kind => StageKind.Rerank;

    public bool AppliesTo(RecommendationContext context) => context.Rules.Pins.Count > 0;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        var (candidates, pins) = (context.Candidates, context.Rules.Pins);
        var order = ArrayPool<int>.Shared.Rent(candidates.Count);
        try
        {
            // Where each pin's candidate stands; some were taken out since.
            var pinned = new List<(int From, int Place)>(pins.Count);
            foreach (var pin in pins)
            {
                if (Find(candidates, pin.Item) is >= 0 and var from) pinned.Add((from, pin.Place));
            }
            Fill(order.AsSpan(0, candidates.Count), pinned);
            candidates.Reorder(order.AsSpan(0, candidates.Count));
            for (var at = 0; at < candidates.Count; at++)
            {
                if (context.Rules.IsPinned(candidates.Items[at].Item)) candidates.SetSlot(at, SlotKind.Pinned, propensity: 1);
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(order);
        }
        return ValueTask.CompletedTask;
    }

    private static int Find(CandidateList candidates, int item)
    {
        for (var at = 0; at < candidates.Count; at++)
        {
            if (candidates.Items[at].Item == item) return at;
        }
        return -1;
    }

    // By place; what cannot have its place comes behind everything else, in the same order.
    private static void Fill(Span<int> order, List<(int From, int Place)> pinned)
    {
        var (next, pin) = (0, 0);
        for (var place = 0; place < order.Length; place++)
        {
            while (IsPinned(pinned, next)) next++;
            if (pin < pinned.Count && (pinned[pin].Place == place || next == order.Length)) order[place] = pinned[pin++].From;
            else order[place] = next++;
        }
    }

    private static bool IsPinned(List<(int From, int Place)> pinned, int at)
    {
        foreach (var pin in pinned)
        {
            if (pin.From == at) return true;
        }
        return false;
    }
}
