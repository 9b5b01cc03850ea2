using Microsoft.Extensions.Options;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Logging;

/// <summary>Enters the served items into the user's dedup window.</summary>
internal sealed class RememberShownStage(IOptions<RecommendationOptions> options) : IStage
{
    public string Name => "remember_shown";
    public StageKind Kind => StageKind.SideEffect;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        if (context.User is not { } user) return ValueTask.CompletedTask;
        var forgetBefore = context.Time.AddDays(-options.Value.DedupDays).ToUnixTimeMilliseconds();
        lock (user.Gate)
        {
            foreach (var candidate in context.Candidates.Items)
                user.RememberShown(candidate.Item, context.Time.ToUnixTimeMilliseconds(), forgetBefore);
        }
        return ValueTask.CompletedTask;
    }
}
