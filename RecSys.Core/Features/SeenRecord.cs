using RecSys.Core.Domain;

namespace RecSys.Core.Features;

/// <summary>
/// Which items a user consumed, was shown or rejected, and when: a hash table of at most <see cref="Capacity"/> items that is copied as a
/// whole. When it is full, the quarter that was met longest ago is forgotten; rejections go last. Not thread-safe.
/// </summary>
public sealed class SeenRecord
{
    /// <summary>Most items remembered.</summary>
    public const int Capacity = 8192;

    private const int Smallest = 8;

    // Linear probing; a key of 0 is a free place. Twice as many places as items at least.
    private SeenEntry[] places = [];

    // Of which only the first are in use, a power of two or none: a copy keeps the room of a larger one before it.
    private int size;

    /// <summary>Number of items remembered.</summary>
    public int Count { get; private set; }

    /// <summary>What is known of an item; the default value when nothing is.</summary>
    public SeenEntry Find(int item)
    {
        if (Count == 0) return default;
        var at = PlaceOf(item);
        return places[at].Key == 0 ? default : places[at];
    }

    /// <summary>Takes in one event of the user by its meaning; an event on no item (-1) is ignored.</summary>
    public void Apply(in LogEvent e)
    {
        if (e.Item < 0) return;
        var kind = new EventKind(in e);
        if (kind.Undo && kind.Positive) Returned(e.Item);
        else if (kind.Undo && kind.Negative) Forgiven(e.Item);
        else if (kind.Undo) return;
        else if (e.IsConsumption) Consumed(e.Item, e.TimeMs);
        else if (kind.Negative) Rejected(e.Item);
        else if (kind.Impression) Shown(e.Item, e.TimeMs);
    }

    /// <summary>Notes that the item was shown, Unix milliseconds.</summary>
    public void Shown(int item, long timeMs)
    {
        ref var entry = ref Entry(item);
        entry.ShownSeconds = Math.Max(entry.ShownSeconds, Seconds(timeMs));
    }

    /// <summary>Notes that the user had the item (<see cref="LogEvent.IsConsumption"/>), Unix milliseconds.</summary>
    public void Consumed(int item, long timeMs)
    {
        ref var entry = ref Entry(item);
        entry.ConsumedSeconds = Math.Max(entry.ConsumedSeconds, Seconds(timeMs));
    }

    /// <summary>Takes the positive events on the item back.</summary>
    public void Returned(int item)
    {
        if (Find(item).IsKnown) Entry(item).ConsumedSeconds = 0;
    }

    /// <summary>Notes that the user never wants to see the item again.</summary>
    public void Rejected(int item) => Entry(item).Rejected = true;

    /// <summary>Takes the rejection of the item back.</summary>
    public void Forgiven(int item)
    {
        if (Find(item).IsKnown) Entry(item).Rejected = false;
    }

    /// <summary>Becomes equal to another record; allocates only to grow.</summary>
    public void CopyFrom(SeenRecord other)
    {
        if (places.Length < other.size) places = new SeenEntry[other.size];
        other.places.AsSpan(0, other.size).CopyTo(places);
        (size, Count) = (other.size, other.Count);
    }

    /// <summary>
    /// Takes in everything of another record; when the two are more than it holds, only the <see cref="Capacity"/> that would be forgotten
    /// last stay.
    /// </summary>
    public void Merge(SeenRecord other)
    {
        var all = Entries().Concat(other.Entries()).GroupBy(entry => entry.Key).Select(group => group.Aggregate(Sum)).ToArray();
        Array.Sort(all, ForgottenLast);
        Restore(all.AsSpan(0, Math.Min(all.Length, Capacity)));
    }

    private static SeenEntry Sum(SeenEntry a, SeenEntry b) => new()
    {
        Key = a.Key,
        ShownSeconds = Math.Max(a.ShownSeconds, b.ShownSeconds),
        ConsumedSeconds = Math.Max(a.ConsumedSeconds, b.ConsumedSeconds),
        Rejected = a.Rejected || b.Rejected,
    };

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        (size, Count) = (0, 0);
    }

    /// <summary>Copies all entries in no particular order; <see cref="Count"/> long at least.</summary>
    public int CopyTo(Span<SeenEntry> target)
    {
        var count = 0;
        foreach (ref readonly var entry in places.AsSpan(0, size))
        {
            if (entry.Key != 0) target[count++] = entry;
        }
        return count;
    }

    /// <summary>All entries in ascending order of items, for the binary form.</summary>
    public SeenEntry[] Entries()
    {
        var entries = places.Take(size).Where(entry => entry.Key != 0).ToArray();
        Array.Sort(entries, static (a, b) => a.Key.CompareTo(b.Key));
        return entries;
    }

    /// <summary>Takes over entries that <see cref="Entries"/> gave.</summary>
    internal void Restore(ReadOnlySpan<SeenEntry> entries)
    {
        Clear();
        foreach (ref readonly var entry in entries) Entry(entry.Item) = entry;
    }

    private static uint Seconds(long timeMs) => (uint)Math.Clamp(timeMs / 1000, 1, uint.MaxValue);

    private ref SeenEntry Entry(int item)
    {
        if (size > 0)
        {
            ref var known = ref places[PlaceOf(item)];
            if (known.Key != 0) return ref known;
        }
        if (Count == Capacity) Forget();
        if ((Count + 1) * 2 > size) Rehash(Math.Max(Smallest, size * 2), places.AsSpan(0, size));
        ref var added = ref places[PlaceOf(item)];
        added.Key = item + 1;
        Count++;
        return ref added;
    }

    private int PlaceOf(int item)
    {
        var mask = size - 1;
        var at = (int)((uint)item * 0x9E3779B1u >> 7) & mask;
        while (places[at].Key != 0 && places[at].Key != item + 1) at = (at + 1) & mask;
        return at;
    }

    // By the item at last, so that what is forgotten does not depend on the places in the table: a record that was stored and read forgets
    // the same.
    private static int ForgottenLast(SeenEntry a, SeenEntry b) =>
        a.Rejected != b.Rejected
            ? (a.Rejected ? -1 : 1) : a.LastSeconds != b.LastSeconds ? b.LastSeconds.CompareTo(a.LastSeconds) : a.Key.CompareTo(b.Key);

    private void Forget()
    {
        var entries = places.Take(size).Where(entry => entry.Key != 0).ToArray();
        Array.Sort(entries, ForgottenLast);
        Rehash(size, entries.AsSpan(0, Capacity * 3 / 4));
    }

    private void Rehash(int room, ReadOnlySpan<SeenEntry> entries)
    {
        places = new SeenEntry[room];
        (size, Count) = (room, 0);
        foreach (ref readonly var entry in entries)
        {
            if (entry.Key == 0) continue;
            places[PlaceOf(entry.Item)] = entry;
            Count++;
        }
    }
}
