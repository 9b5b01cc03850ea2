using System.Buffers;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Rules;

/// <summary>
/// In place of <see cref="DiversityRule"/> where rules cap or pin: diversity and caps together. Each place that is not pinned gets
/// the best item that breaks no limit at that place, counting the pinned ones; where there is none, the best that is left, so that a cap
/// never shortens a list. Who is passed over is lowered to match, so that the list without its pins is in the order of its scores; no
/// score is raised.
/// </summary>
internal sealed class ArrangeRule : IStage
{
    public string Name => "arrange";
    public StageKind Kind => StageKind.Score;

    public bool AppliesTo(RecommendationContext context) => context.Rules.Arranges;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        var candidates = context.Candidates;
        var order = ArrayPool<int>.Shared.Rent(candidates.Count);
        try
        {
            candidates.OrderByScore(order);
            var waiting = new List<int>(candidates.Count);
            for (var i = 0; i < candidates.Count; i++)
            {
                var candidate = candidates.Items[order[i]];
                if (double.IsFinite(candidate.Score) && !context.Rules.IsPinned(candidate.Item)) waiting.Add(order[i]);
            }
            Lower(candidates, Arranged(context, waiting));
        }
        finally
        {
            ArrayPool<int>.Shared.Return(order);
        }
        return ValueTask.CompletedTask;
    }

    // The places of all limits, and behind them the others as they were.
    private static List<int> Arranged(RecommendationContext context, List<int> waiting)
    {
        var counts = new PlaceCounts(context);
        var arranged = new List<int>(waiting.Count);
        var passedOver = 0;
        for (var place = 0; place < counts.Places && waiting.Count > 0; place++)
        {
            // Who has no room has none before a limit ends.
            if (counts.IsEnd(place)) passedOver = 0;
            if (counts.IsPinned(place)) continue;
            var at = passedOver;
            while (at < waiting.Count && !counts.HasRoom(context.Candidates.Items[waiting[at]].Item, place)) at++;
            var isNone = at == waiting.Count;
            if (isNone) at = 0;
            counts.Add(context.Candidates.Items[waiting[at]].Item, place);
            arranged.Add(waiting[at]);
            waiting.RemoveAt(at);
            passedOver = isNone ? waiting.Count : at;
        }
        arranged.AddRange(waiting);
        return arranged;
    }

    private static void Lower(CandidateList candidates, List<int> arranged)
    {
        for (var i = 1; i < arranged.Count; i++)
        {
            var (before, at) = (arranged[i - 1], arranged[i]);
            var (upper, score) = (candidates.Items[before].Score, candidates.Items[at].Score);
            // Of equal scores the one that was found first comes first.
            if (score < upper || (score == upper && before < at)) continue;
            candidates.SetScore(at, Math.BitDecrement(upper));
        }
    }
}
