using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>
/// Finds the items of the whole catalogue that the request's filter lets pass, for the sources behind it to choose among. When it
/// fails they choose among all, and <c>filter_request</c> takes out the rest.
/// </summary>
internal sealed class NarrowStage : IStage
{
    public string Name => "narrow";
    public StageKind Kind => StageKind.Enrich;

    public bool AppliesTo(RecommendationContext context) => context.Wishes?.Filter is not null;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        var (narrowing, count) = (context.Narrowing, context.Catalog.Count);
        narrowing.Set(count, context.Filter!.Select(count, narrowing.Room(count)));
        foreach (var item in context.Wishes!.Excluded) narrowing.Remove(item);
        return ValueTask.CompletedTask;
    }
}
