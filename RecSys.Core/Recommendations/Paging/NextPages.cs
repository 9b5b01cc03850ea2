using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Filters;

namespace RecSys.Core.Recommendations.Paging;

/// <summary>
/// Makes further pages of open lists. What became unservable, was rejected or consumed since the list was made is left out, and what stands
/// behind moves up; nothing stands on two pages. Asked again, a page is the same one, less what may not be shown any more.
/// </summary>
internal sealed class NextPages(OpenLists lists, PagingMetrics metrics)
{
    private readonly ListOpening stage = new("next_page");

    /// <summary>What is kept behind a page that was served; null when nothing is (any more).</summary>
    public OpenPage? Find(string requestId, DateTimeOffset now)
    {
        var page = lists.Find(requestId, now);
        if (page is null) metrics.Gone();
        return page;
    }

    /// <summary>Puts the page behind another one into a context that was begun for it.</summary>
    /// <param name="context">Begun under the request id that the page gets if it is new.</param>
    /// <param name="requestId">Of the page before it.</param>
    /// <param name="page">What <see cref="Find"/> said.</param>
    /// <returns>False when the list was forgotten in between.</returns>
    public bool Fill(RecommendationContext context, string requestId, OpenPage page)
    {
        if (page.NextId is null)
        {
            var (kept, taken) = Choose(context, page.Items);
            if (lists.Cut(requestId, context.RequestId, kept, taken, context.Time) is not { } cut)
            {
                metrics.Gone();
                return false;
            }
            page = cut;
        }
        var seen = context.User.Seen;
        context.Candidates.Open(stage);
        foreach (var item in page.Items)
        {
            if (context.Catalog.IsServable(item.Item) && !seen.Find(item.Item).Rejected)
                context.Candidates.Restore(item.Item, item.Sources, item.Probability, item.Score);
        }
        context.Candidates.Close();
        context.Continue(page.NextId!, page.Offset, page.HasMore);
        foreach (var how in page.Degraded) context.Degrade(how);
        context.NotPersonal = page.NotPersonal;
        metrics.Served();
        return true;
    }

    private static (OpenItem[] Kept, int Taken) Choose(RecommendationContext context, OpenItem[] items)
    {
        var (window, seen, kept) = (SeenWindow.Of(context), context.User.Seen, new List<OpenItem>(context.Request.NumItems));
        var taken = 0;
        for (; taken < items.Length && kept.Count < context.Request.NumItems; taken++)
        {
            var item = items[taken].Item;
            if (context.Catalog.IsServable(item) && window.ReasonAgainst(seen.Find(item)) is null) kept.Add(items[taken]);
        }
        return ([.. kept], taken);
    }
}
