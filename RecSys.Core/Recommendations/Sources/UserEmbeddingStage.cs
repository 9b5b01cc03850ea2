using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>
/// Runs the managed user tower over the user's last items, profile and context. Without items it has the learnt start vector, the profile
/// and the context to go by, as in training for everybody's first choice: better than what is popular, but not personal, and the reply says
/// why.
/// </summary>
internal sealed class UserEmbeddingStage : IStage
{
    public string Name => "user_embedding";
    public StageKind Kind => StageKind.Enrich;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        var user = context.User;
        var read = context.Model.EmbedUser(user.State.RecentItems, user.Profile, context.Device, context.Location, context.UserEmbedding);
        if (read == 0) context.NotPersonal = ReasonFor(context);
        context.HasUserEmbedding = true;
        return ValueTask.CompletedTask;
    }

    private static string ReasonFor(RecommendationContext context) => context.User switch
    {
        { IsKnown: false } => "unknown_user",
        { State.RecentItems.IsEmpty: true } => "no_positive_events",
        _ => "no_items_in_model",
    };
}
