using System.Buffers;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Rules;

/// <summary>Multiplies scores by the request's boost, which is bounded; see <see cref="Expressions.ItemFactor"/>.</summary>
internal sealed class RequestBoost : IStage
{
    public string Name => "boost";
    public StageKind Kind => StageKind.Score;

    public bool AppliesTo(RecommendationContext context) => context.Wishes?.Boost is not null;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        var candidates = context.Candidates;
        var (items, factors) = (ArrayPool<int>.Shared.Rent(candidates.Count), ArrayPool<double>.Shared.Rent(candidates.Count));
        try
        {
            for (var i = 0; i < candidates.Count; i++) items[i] = candidates.Items[i].Item;
            context.Boost!.Read(items.AsSpan(0, candidates.Count), factors);
            for (var i = 0; i < candidates.Count; i++) Multiply(candidates, i, factors[i]);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(items);
            ArrayPool<double>.Shared.Return(factors);
        }
        return ValueTask.CompletedTask;
    }

    /// <summary>Raises a score by a factor above 1 and lowers it by one below.</summary>
    internal static void Multiply(CandidateList candidates, int at, double factor)
    {
        // Scores may be negative at the fallback level that has only inner products.
        var score = candidates.Items[at].Score;
        if (factor != 1) candidates.SetScore(at, score + Math.Abs(score) * (factor - 1));
    }
}
