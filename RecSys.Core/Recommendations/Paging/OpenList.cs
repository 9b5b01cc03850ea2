using System.Runtime.InteropServices;
using RecSys.Core.Domain;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Paging;

/// <summary>One list of <see cref="OpenLists"/>, used again for another when it is closed. Not thread-safe.</summary>
internal sealed class OpenList
{
    private readonly OpenItem[] items = new OpenItem[OpenLists.MostKept];
    private readonly List<Page> pages = new(4);
    private RecommendationRequest request = null!;
    private Assignment assignment = null!;
    private IReadOnlyList<string> degraded = [];
    private string? notPersonal;
    private long epoch;
    private int count;

    /// <summary>Whose it is; empty when it is closed.</summary>
    public string UserId => request?.UserId ?? "";

    public bool IsClosed => request is null;

    /// <summary>When its time is over.</summary>
    public DateTimeOffset Ends { get; private set; }

    /// <summary>Those that were served, the first one of the list first.</summary>
    public ReadOnlySpan<Page> Pages => CollectionsMarshal.AsSpan(pages);

    /// <summary>Takes over a finished list.</summary>
    /// <param name="context">The request; its candidates are the first page.</param>
    /// <param name="ends">When its time is over.</param>
    /// <param name="rest">What stands behind the first page.</param>
    public void Begin(RecommendationContext context, DateTimeOffset ends, ReadOnlySpan<Candidate> rest)
    {
        (request, assignment, epoch, Ends) = (context.Request, context.Assignment, context.World.Epoch, ends);
        degraded = context.Degraded.Count == 0 ? [] : [.. context.Degraded];
        (notPersonal, count) = (context.NotPersonal, rest.Length);
        for (var i = 0; i < rest.Length; i++)
            items[i] = new OpenItem(rest[i].Item, (float)rest[i].Score, (float)rest[i].Probability, rest[i].Sources);
        pages.Clear();
        pages.Add(new Page(context.RequestId, 0, 0, 0, context.Candidates.Count));
    }

    /// <summary>Lets go of what it held.</summary>
    public void Close()
    {
        (request, assignment, degraded, notPersonal, count) = (null!, null!, [], null, 0);
        pages.Clear();
    }

    /// <summary>What stands behind a page.</summary>
    public OpenPage Behind(int page)
    {
        var before = pages[page];
        Page? next = page + 1 < pages.Count ? pages[page + 1] : null;
        var behind = next is { } cut ? items.AsSpan(cut.Start, cut.Count) : items.AsSpan(before.End, count - before.End);
        return new OpenPage(
            request, assignment, epoch, degraded, notPersonal, before.ServedUpTo, behind.ToArray(), next?.Id, next?.End < count);
    }

    /// <summary>Cuts the page behind another one.</summary>
    /// <param name="page">The other one.</param>
    /// <param name="id">Request id of the new one.</param>
    /// <param name="kept">Its items.</param>
    /// <param name="taken">Places that it takes, at least as many as items.</param>
    /// <returns>False when it was cut before.</returns>
    public bool TryCut(int page, string id, ReadOnlySpan<OpenItem> kept, int taken)
    {
        if (page + 1 < pages.Count) return false;
        var before = pages[page];
        kept.CopyTo(items.AsSpan(before.End, taken));
        pages.Add(new Page(id, before.End, kept.Length, before.End + taken, before.ServedUpTo + kept.Length));
        return true;
    }

    /// <summary>A page that was served.</summary>
    /// <param name="Id">Its request id.</param>
    /// <param name="Start">Its first place behind the first page.</param>
    /// <param name="Count">Its items.</param>
    /// <param name="End">The first place behind it; between its items and this, items were left out.</param>
    /// <param name="ServedUpTo">Items of all pages up to this one.</param>
    internal readonly record struct Page(string Id, int Start, int Count, int End, int ServedUpTo);
}
