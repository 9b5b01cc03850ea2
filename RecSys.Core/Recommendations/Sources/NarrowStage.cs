using System.Numerics;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>
/// Finds the items of the whole catalogue that the filters of the request and of its rules let pass, for the sources behind it to choose
/// among. When it fails they choose among all, and <c>filter_request</c> and <c>filter_rules</c> take out the rest.
/// </summary>
internal sealed class NarrowStage : IStage
{
    public string Name => "narrow";
    public StageKind Kind => StageKind.Enrich;

    public bool AppliesTo(RecommendationContext context) => context.Wishes?.Filter is not null || context.Rules.Narrows;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        var (narrowing, count) = (context.Narrowing, context.Catalog.Count);
        var bits = narrowing.Room(count);
        var passing = context.Filter?.Select(count, bits);
        if (context.Rules.Filters.Count > 0)
        {
            context.Rules.Narrow(count, bits, isSet: passing is not null);
            passing = 0;
            foreach (var word in bits) passing += BitOperations.PopCount(word);
        }
        narrowing.Set(count, passing ?? 0);
        if (context.Wishes is not { } wishes) return ValueTask.CompletedTask;
        foreach (var item in wishes.Excluded) narrowing.Remove(item);
        return ValueTask.CompletedTask;
    }
}
