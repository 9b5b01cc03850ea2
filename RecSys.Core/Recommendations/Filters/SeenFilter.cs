using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Filters;

/// <summary>
/// Takes out what the user rejected, consumed, or was shown within the dedup window, as the log tells it: served is not seen. What a rule
/// pins may be seen again; of what the user rejected none is.
/// </summary>
internal sealed class SeenFilter : IStage
{
    public string Name => "filter_seen";
    public StageKind Kind => StageKind.Filter;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        var seen = context.User.Seen;
        if (seen.Count == 0) return ValueTask.CompletedTask;
        var window = SeenWindow.Of(context);
        var candidates = context.Candidates.Items;
        for (var i = 0; i < candidates.Length; i++)
        {
            if (window.ReasonAgainst(seen.Find(candidates[i].Item)) is { } reason && !context.Rules.IsPinned(candidates[i].Item))
                context.Candidates.Remove(i, reason);
        }
        return ValueTask.CompletedTask;
    }
}
