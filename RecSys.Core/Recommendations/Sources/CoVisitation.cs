using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Features;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>
/// Which items users choose shortly before or after each other. A positive event is paired with the user's last four items, other than its
/// own and not further away than the window; each pair counts 1, decayed, in both directions. Grows with every event; readers run beside
/// the writer. Memory: some 100 bytes for each user who chose something within about two windows, and up to
/// <see cref="CoVisitationOptions.Neighbours"/> × 8 bytes per item.
/// </summary>
#pragma warning disable CA1001 // Given away: whoever writes the frozen part disposes of it.
public sealed class CoVisitation : IEventFold
#pragma warning restore CA1001
{
    internal const int Reach = VisitTails.Reach;

    private readonly ChunkedTable<Slot> rows = new();
    private readonly VisitTails tails;
    private readonly double windowMs;
    private readonly double decayMs;
    private readonly int capacity;
    private FrozenRows? frozen;
    private int generation;
    private int count;

    public CoVisitation(IOptions<CoVisitationOptions> options)
    {
        var settings = options.Value;
        windowMs = TimeSpan.FromHours(settings.WindowHours).TotalMilliseconds;
        decayMs = TimeSpan.FromDays(settings.DecayDays).TotalMilliseconds;
        capacity = settings.Neighbours;
        tails = new VisitTails((long)windowMs);
        // What was counted by other settings is not what these would have counted.
        FormatVersion = (int)StableHash.Of(string.Create(CultureInfo.InvariantCulture, $"1 {windowMs} {decayMs} {capacity}"));
    }

    public string Name => "co-visitation";
    public int FormatVersion { get; }

    /// <summary>Most neighbours that <see cref="Read"/> gives.</summary>
    public int Capacity => capacity;

    /// <summary>Counts the event if it is positive. One writer at a time.</summary>
    /// <remarks>A late event is paired like any other, but never becomes one of the last four.</remarks>
    public void Apply(in FoldUser user, in LogEvent e)
    {
        if (e.Item < 0 || user.Key == 0 || !e.IsPositive) return;
        ref var tail = ref tails.Of(user.Key, e.TimeMs);
        var last = tail.Entries[..tail.Count];
        foreach (var entry in last)
        {
            // Shown, clicked, liked: several events on one item are one choice.
            if (entry.Item == e.Item) return;
        }
        foreach (var entry in last)
        {
            if (Math.Abs(e.TimeMs - entry.TimeMs) > windowMs) continue;
            var at = Math.Max(e.TimeMs, entry.TimeMs);
            Add(e.Item, entry.Item, at);
            Add(entry.Item, e.Item, at);
        }
        tail.Push(new Visit(e.Item, e.TimeMs));
    }

    public void Merge(in FoldUser from, in FoldUser into) => tails.Merge(from.Key, into.Key);

    public void Erase(in FoldUser user) => tails.Remove(user.Key);

    /// <summary>Neighbours of an item, in no particular order.</summary>
    /// <param name="item">Number.</param>
    /// <param name="timeMs">The moment that the decayed counts refer to, Unix milliseconds; one before the item's latest pair counts as
    /// that.</param>
    /// <param name="neighbours">Numbers; <see cref="Capacity"/> long.</param>
    /// <param name="counts">Decayed number of pairs with each; of neighbours that came when all places were taken, an upper bound.</param>
    /// <returns>How many there are.</returns>
    public int Read(int item, long timeMs, Span<int> neighbours, Span<float> counts) =>
        rows.Read(item).Row?.Read(timeMs, decayMs, neighbours, counts) ?? 0;

    /// <summary>Decayed number of all pairs of an item.</summary>
    public float TotalOf(int item, long timeMs) => rows.Read(item).Row?.TotalAt(timeMs, decayMs) ?? 0;

    public IFrozenPart Freeze()
    {
        if (frozen is { IsOpen: true }) throw new InvalidOperationException("The snapshot before is still being written.");
        generation++;
        return frozen = new FrozenRows(this, generation, count, tails.ToBytes());
    }

    public void Restore(Stream from)
    {
        using var reader = new BinaryReader(from, Encoding.UTF8, leaveOpen: true);
        tails.Restore(reader);
        for (var item = reader.ReadInt32(); item >= 0; item = reader.ReadInt32())
        {
            rows.Write(item).Row = CoVisitationRow.Restore(reader);
            count = Math.Max(count, item + 1);
        }
    }

    private void Add(int item, int neighbour, long timeMs)
    {
        var row = rows.Write(item).Row;
        if (row is null)
        {
            rows.Write(item).Row = row = new CoVisitationRow { SavedIn = generation };
            count = Math.Max(count, item + 1);
        }
        row.Add(neighbour, timeMs, decayMs, capacity, frozen, item);
    }

    private struct Slot
    {
        public CoVisitationRow? Row;
    }

    /// <summary>The rows as they were at one moment: a row that changes before it is written leaves its old form here.</summary>
    internal sealed class FrozenRows(CoVisitation fold, int generation, int count, byte[] tails) : IFrozenPart
    {
        private readonly Dictionary<int, byte[]> before = [];
        private volatile bool open = true;

        public string Name => fold.Name;
        public int FormatVersion => fold.FormatVersion;
        public bool IsOpen => open;
        public int Generation => generation;

        /// <summary>Keeps the old form of a row; under the row's lock.</summary>
        public void Keep(int item, byte[] row)
        {
            lock (before) before[item] = row;
        }

        public void Write(Stream to)
        {
            using var writer = new BinaryWriter(to, Encoding.UTF8, leaveOpen: true);
            writer.Write(tails);
            for (var item = 0; item < count; item++)
            {
                if (fold.rows.Read(item).Row?.Take(this, item) is not { } bytes) continue;
                writer.Write(item);
                writer.Write(bytes);
            }
            writer.Write(-1);
        }

        /// <summary>The old form, when it was kept.</summary>
        public byte[]? Kept(int item)
        {
            lock (before) return before.Remove(item, out var row) ? row : null;
        }

        public void Dispose()
        {
            open = false;
            lock (before) before.Clear();
        }
    }
}
