using System.Runtime.InteropServices;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>
/// Neighbours of one item with decayed counts. When all places are taken, a new neighbour takes over the place and the count of the weakest
/// ("space saving", Metwally et al. 2005), so a neighbour with more than total / capacity pairs is never missing. Thread-safe.
/// </summary>
internal sealed class CoVisitationRow
{
    private int[] items = new int[4];
    private float[] counts = new float[4];
    private int used;
    private float total;
    private long clockMs = long.MinValue;

    /// <summary>Generation of the last snapshot that has its form of that time, or needs none.</summary>
    public int SavedIn { get; set; }

    /// <summary>Counts a neighbour; a snapshot that still wants the old form gets it first.</summary>
    public void Add(int neighbour, long timeMs, double decayMs, int capacity, CoVisitation.FrozenRows? frozen, int item)
    {
        lock (this)
        {
            if (frozen is { IsOpen: true } && SavedIn < frozen.Generation)
            {
                frozen.Keep(item, ToBytes());
                SavedIn = frozen.Generation;
            }
            var weight = 1f;
            if (timeMs < clockMs) weight = Fade(clockMs - timeMs, decayMs);
            else Advance(timeMs, decayMs);
            total += weight;
            var at = items.AsSpan(0, used).IndexOf(neighbour);
            if (at < 0)
            {
                at = Place(capacity);
                items[at] = neighbour;
            }
            counts[at] += weight;
        }
    }

    public int Read(long timeMs, double decayMs, Span<int> into, Span<float> countsInto)
    {
        lock (this)
        {
            items.AsSpan(0, used).CopyTo(into);
            var fade = Fade(timeMs - clockMs, decayMs);
            for (var i = 0; i < used; i++) countsInto[i] = counts[i] * fade;
            return used;
        }
    }

    public float TotalAt(long timeMs, double decayMs)
    {
        lock (this) return total * Fade(timeMs - clockMs, decayMs);
    }

    /// <summary>The form that the row had when the snapshot was begun; null for a row that is younger.</summary>
    public byte[]? Take(CoVisitation.FrozenRows frozen, int item)
    {
        lock (this)
        {
            if (SavedIn >= frozen.Generation) return frozen.Kept(item);
            SavedIn = frozen.Generation;
            return ToBytes();
        }
    }

    public static CoVisitationRow Restore(BinaryReader from)
    {
        var row = new CoVisitationRow { used = from.ReadInt32(), total = from.ReadSingle(), clockMs = from.ReadInt64() };
        var places = Math.Max(4, row.used);
        (row.items, row.counts) = (new int[places], new float[places]);
        from.BaseStream.ReadExactly(MemoryMarshal.AsBytes(row.items.AsSpan(0, row.used)));
        from.BaseStream.ReadExactly(MemoryMarshal.AsBytes(row.counts.AsSpan(0, row.used)));
        return row;
    }

    private byte[] ToBytes()
    {
        var bytes = new byte[16 + 8 * used];
        MemoryMarshal.Write(bytes, used);
        MemoryMarshal.Write(bytes.AsSpan(4), total);
        MemoryMarshal.Write(bytes.AsSpan(8), clockMs);
        MemoryMarshal.AsBytes(items.AsSpan(0, used)).CopyTo(bytes.AsSpan(16));
        MemoryMarshal.AsBytes(counts.AsSpan(0, used)).CopyTo(bytes.AsSpan(16 + 4 * used));
        return bytes;
    }

    private int Place(int capacity)
    {
        if (used == capacity)
        {
            var weakest = 0;
            for (var i = 1; i < used; i++)
            {
                if (counts[i] < counts[weakest]) weakest = i;
            }
            return weakest;
        }
        if (used == items.Length)
        {
            Array.Resize(ref items, Math.Min(capacity, used * 2));
            Array.Resize(ref counts, items.Length);
        }
        return used++;
    }

    private void Advance(long timeMs, double decayMs)
    {
        if (used > 0 && timeMs > clockMs)
        {
            var fade = Fade(timeMs - clockMs, decayMs);
            foreach (ref var count in counts.AsSpan(0, used)) count *= fade;
            total *= fade;
        }
        clockMs = timeMs;
    }

    private static float Fade(long elapsedMs, double decayMs) => elapsedMs <= 0 ? 1 : (float)Math.Exp(-elapsedMs / decayMs);
}
