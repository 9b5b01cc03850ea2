using RecSys.Core.Features;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>Runs the managed user tower over the user's last items, profile and context.</summary>
internal sealed class UserEmbeddingStage : IStage
{
    public string Name => "user_embedding";
    public StageKind Kind => StageKind.Enrich;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        if (context.User is not { } user) return ValueTask.CompletedTask;
        Span<int> history = stackalloc int[UserState.RecentCapacity];
        int count;
        lock (user.Gate) count = context.Model.RowsOf(user.State.RecentItems, history);
        if (count == 0) return ValueTask.CompletedTask;
        context.Model.Bundle.UserTower.Embed(
            history[..count], user.Profile, context.Device, context.Location, context.Model.Bundle.Embeddings.Span, context.UserEmbedding);
        context.HasUserEmbedding = true;
        return ValueTask.CompletedTask;
    }
}
