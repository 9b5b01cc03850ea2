using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Paging;

/// <summary>
/// What stood behind the first page of the lists that were served lately, frozen: further pages come out of it and nothing stands on two of
/// them. Bounded: a list is forgotten when its time is over, or earlier when there are too many, the oldest first. Holds numbers and no
/// model; a list takes some 2 KB. A request costs one copy under a lock and, once as many lists were open as ever are at a time, no memory.
/// </summary>
/// <param name="capacity">Lists kept at most; 0 keeps none.</param>
/// <param name="life">How long a list is kept after it was made, whatever was asked of it since.</param>
/// <param name="metrics">Told of lists that make room before their time.</param>
internal sealed class OpenLists(int capacity, TimeSpan life, PagingMetrics metrics)
{
    /// <summary>Places kept behind the first page.</summary>
    public const int MostKept = 100;

    private readonly Lock turn = new();
    private readonly Dictionary<string, Place> places = new(StringComparer.Ordinal);

    // In the order in which they end.
    private readonly Queue<OpenList> open = new();

    /// <summary>Lists that are kept, those whose time is over as far as nothing has taken their room.</summary>
    public int Count
    {
        get
        {
            lock (turn) return open.Count;
        }
    }

    /// <summary>Keeps what a selection cut off a finished list, and gives the context a cursor for it; not where nothing is left.</summary>
    public void Open(RecommendationContext context)
    {
        var rest = context.Candidates.Considered[context.Candidates.Count..];
        if (capacity == 0 || rest.IsEmpty) return;
        lock (turn)
        {
            var list = Room(context.Time);
            list.Begin(context, context.Time + life, rest[..Math.Min(rest.Length, MostKept)]);
            places[context.RequestId] = new Place(list, 0);
            open.Enqueue(list);
        }
        context.NextCursor = context.RequestId;
    }

    /// <summary>Copies what stands behind a page.</summary>
    /// <param name="requestId">Of the page.</param>
    /// <param name="now">The moment of asking.</param>
    /// <returns>Null when nothing is kept of it (any more).</returns>
    public OpenPage? Find(string requestId, DateTimeOffset now)
    {
        lock (turn)
        {
            return places.TryGetValue(requestId, out var place) && place.List.Ends > now ? place.List.Behind(place.Page) : null;
        }
    }

    /// <summary>
    /// Cuts the page behind another one; a page that was cut before, as by the same request twice at once, stays as it is.
    /// </summary>
    /// <param name="requestId">Of the page before it.</param>
    /// <param name="nextId">Request id that it gets.</param>
    /// <param name="kept">Its items, in order.</param>
    /// <param name="taken">Places of the list that it takes, with those whose items are left out.</param>
    /// <param name="now">The moment of asking.</param>
    /// <returns>What <see cref="Find"/> gives from now on; null when the list was forgotten in between.</returns>
    public OpenPage? Cut(string requestId, string nextId, ReadOnlySpan<OpenItem> kept, int taken, DateTimeOffset now)
    {
        lock (turn)
        {
            if (!places.TryGetValue(requestId, out var place) || place.List.Ends <= now) return null;
            if (place.List.TryCut(place.Page, nextId, kept, taken)) places.Add(nextId, new Place(place.List, place.Page + 1));
            return place.List.Behind(place.Page);
        }
    }

    /// <summary>Forgets all lists of a user.</summary>
    public void Forget(string userId)
    {
        lock (turn)
        {
            foreach (var list in open)
            {
                if (list.UserId == userId) Close(list);
            }
        }
    }

    // A list whose time is over gives its room to the next; where none is, there is more room, or the oldest goes early.
    private OpenList Room(DateTimeOffset now)
    {
        if (!open.TryPeek(out var oldest)) return new OpenList();
        if (oldest.Ends > now)
        {
            if (open.Count < capacity) return new OpenList();
            if (!oldest.IsClosed) metrics.Displaced();
        }
        open.Dequeue();
        Close(oldest);
        return oldest;
    }

    private void Close(OpenList list)
    {
        foreach (var page in list.Pages) places.Remove(page.Id);
        list.Close();
    }

    private readonly record struct Place(OpenList List, int Page);
}
