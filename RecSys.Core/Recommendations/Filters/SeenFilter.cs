using Microsoft.Extensions.Options;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Filters;

/// <summary>Takes out what the user rejected, consumed, or was shown within the dedup window.</summary>
internal sealed class SeenFilter(IOptions<RecommendationOptions> options) : IStage
{
    public string Name => "filter_seen";
    public StageKind Kind => StageKind.Filter;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        if (context.User is not { } user) return ValueTask.CompletedTask;
        var shownSince = context.Time.AddDays(-options.Value.DedupDays).ToUnixTimeMilliseconds();
        var consumedSince = options.Value.ConsumedDays is { } days
            ? context.FeatureTimeMs - (long)TimeSpan.FromDays(days).TotalMilliseconds
            : long.MinValue;
        var candidates = context.Candidates.Items;
        lock (user.Gate)
        {
            for (var i = 0; i < candidates.Length; i++)
            {
                var item = candidates[i].Item;
                if (user.HasRejected(item)) context.Candidates.Remove(i, "rejected");
                else if (user.ConsumedAt(item) >= consumedSince) context.Candidates.Remove(i, "already_consumed");
                else if (user.ShownAt(item) >= shownSince) context.Candidates.Remove(i, "recently_shown");
            }
        }
        return ValueTask.CompletedTask;
    }
}
