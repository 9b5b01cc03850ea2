using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>Copies the user once: profile, state and what was seen. No stage behind it waits for anything.</summary>
internal sealed class LoadUserStage : IStage
{
    public string Name => "load_user";
    public StageKind Kind => StageKind.Enrich;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        context.World.TryCopy(context.Request.UserId, context.User);
        return ValueTask.CompletedTask;
    }
}
