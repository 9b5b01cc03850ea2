using System.Buffers;
using System.Runtime.InteropServices;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Rules;

/// <summary>
/// At most three items of a category among the first ten. Items beyond that go right behind the tenth and their score is lowered to match,
/// so that a list is always in the order of its scores; no score is raised. When too few categories are left, the best of the surplus fill
/// the first ten, so that with one category the rule does nothing. Items without a category are of none, not of one.
/// </summary>
internal sealed class DiversityRule : IStage
{
    [ThreadStatic]
    private static Dictionary<int, int>? used;

    public string Name => "diversity";
    public StageKind Kind => StageKind.Score;

    /// <summary>Where rules cap or pin, <see cref="ArrangeRule"/> does both at once.</summary>
    public bool AppliesTo(RecommendationContext context) => !context.Rules.Arranges;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        var candidates = context.Candidates;
        var order = ArrayPool<int>.Shared.Rent(candidates.Count);
        try
        {
            Apply(context, order.AsSpan(0, candidates.Count));
        }
        finally
        {
            ArrayPool<int>.Shared.Return(order);
        }
        return ValueTask.CompletedTask;
    }

    private static void Apply(RecommendationContext context, Span<int> order)
    {
        var candidates = context.Candidates;
        candidates.OrderByScore(order);
        var perCategory = used ??= [];
        perCategory.Clear();
        var (admitted, surplus, lowest) = (0, 0, double.NaN);
        for (var i = 0; i < order.Length && admitted < context.Policy.DiversityTop; i++)
        {
            var candidate = candidates.Items[order[i]];
            if (!double.IsFinite(candidate.Score)) break;
            var category = context.Catalog.CategoryOf(candidate.Item);
            if (context.Catalog.IsNamed(category))
            {
                ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(perCategory, category, out _);
                if (count == context.Policy.MaxPerCategory)
                {
                    order[surplus++] = order[i];
                    continue;
                }
                count++;
            }
            admitted++;
            lowest = candidate.Score;
        }
        // All of one category: no order of them is more diverse than another.
        if (perCategory.Count == 1 && admitted <= context.Policy.MaxPerCategory) return;
        foreach (var index in order[..surplus])
        {
            lowest = Math.Min(candidates.Items[index].Score, Math.BitDecrement(lowest));
            candidates.SetScore(index, lowest);
        }
    }
}
