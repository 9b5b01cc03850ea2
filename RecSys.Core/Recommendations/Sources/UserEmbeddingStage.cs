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
        lock (user.Gate)
        {
            var recent = user.State.RecentItems;
            recent.CopyTo(history);
            count = recent.Length;
        }
        context.HasUserEmbedding = count > 0
            && context.Model.EmbedUser(history[..count], user.Profile, context.Device, context.Location, context.UserEmbedding) > 0;
        return ValueTask.CompletedTask;
    }
}
