using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Rules;

/// <summary>Puts the candidates in the order of their final scores.</summary>
internal sealed class OrderStage : IStage
{
    public string Name => "order";
    public StageKind Kind => StageKind.Rerank;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        context.Candidates.SortByScore();
        return ValueTask.CompletedTask;
    }
}
