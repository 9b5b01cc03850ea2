using Microsoft.Extensions.Options;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Rules;

/// <summary>
/// The last look at the dedup window: a list that another request of the same user got while this one was being ranked counts too.
/// </summary>
internal sealed class DedupRule(IOptions<RecommendationOptions> options) : IStage
{
    public string Name => "dedup";
    public StageKind Kind => StageKind.Filter;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        if (context.User is not { } user) return ValueTask.CompletedTask;
        var since = context.Time.AddDays(-options.Value.DedupDays).ToUnixTimeMilliseconds();
        var candidates = context.Candidates.Items;
        lock (user.Gate)
        {
            for (var i = 0; i < candidates.Length; i++)
            {
                if (user.ShownAt(candidates[i].Item) >= since) context.Candidates.Remove(i, "recently_shown");
            }
        }
        return ValueTask.CompletedTask;
    }
}
