using System.Buffers;
using RecSys.Core.Expressions;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Rules;

/// <summary>
/// Multiplies scores by the factors of boost and bury rules; those of one item are multiplied with each other and bounded as
/// <see cref="ItemFactor"/> is.
/// </summary>
internal sealed class RuleBoost : IStage
{
    public string Name => "rule_boost";
    public StageKind Kind => StageKind.Score;

    public bool AppliesTo(RecommendationContext context) => context.Rules.Factors.Count > 0;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        var count = context.Candidates.Count;
        if (count == 0) return ValueTask.CompletedTask;
        var (items, passes) = (ArrayPool<int>.Shared.Rent(count), ArrayPool<bool>.Shared.Rent(count));
        var factors = ArrayPool<double>.Shared.Rent(count);
        try
        {
            for (var i = 0; i < count; i++) (items[i], factors[i]) = (context.Candidates.Items[i].Item, 1);
            foreach (var bound in context.Rules.Factors)
            {
                bound.Filter.Test(items.AsSpan(0, count), passes);
                for (var i = 0; i < count; i++)
                {
                    if (passes[i]) factors[i] *= bound.Rule.Rule.Factor!.Value;
                }
            }
            Apply(context.Candidates, factors);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(items);
            ArrayPool<bool>.Shared.Return(passes);
            ArrayPool<double>.Shared.Return(factors);
        }
        return ValueTask.CompletedTask;
    }

    private static void Apply(CandidateList candidates, double[] factors)
    {
        for (var i = 0; i < candidates.Count; i++)
            RequestBoost.Multiply(candidates, i, Math.Clamp(factors[i], ItemFactor.Least, ItemFactor.Most));
    }
}
