using Microsoft.Extensions.Options;
using RecSys.Core.Events;
using RecSys.Core.Pipeline;
using RecSys.Core.Storage;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>Finds the user's live state; on a user's first request since the start, also what was served before it.</summary>
internal sealed class LoadUserStage(LiveState state, IServedListStore servedLists, IOptions<RecommendationOptions> options) : IStage
{
    public string Name => "load_user";
    public StageKind Kind => StageKind.Enrich;

    public ValueTask ExecuteAsync(RecommendationContext context, CancellationToken cancellationToken)
    {
        context.User = state.FindUser(context.Request.UserId);
        return context.User is { ShownLoaded: false } user ? LoadShownAsync(user, context, cancellationToken) : ValueTask.CompletedTask;
    }

    private async ValueTask LoadShownAsync(LiveUser user, RecommendationContext context, CancellationToken cancellationToken)
    {
        var since = context.Time - TimeSpan.FromDays(options.Value.DedupDays);
        var lists = await servedLists.ReadUserAsync(user.Id, since, cancellationToken).ToListAsync(cancellationToken);
        lock (user.Gate)
        {
            foreach (var list in lists)
            {
                foreach (var item in list.Items)
                {
                    if (context.Catalog.TryGetNumber(item.ItemId, out var ordinal))
                        user.RememberShown(ordinal, list.Time.ToUnixTimeMilliseconds(), since.ToUnixTimeMilliseconds());
                }
            }
            user.ShownLoaded = true;
        }
    }
}
