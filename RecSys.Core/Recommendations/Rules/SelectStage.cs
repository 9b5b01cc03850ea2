using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Rules;

/// <summary>Cuts the list to what was asked for.</summary>
internal sealed class SelectStage : IStage
{
    public string Name => "select";
    public StageKind Kind => StageKind.Select;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        context.Candidates.Truncate(context.Request.NumItems);
        return ValueTask.CompletedTask;
    }
}
