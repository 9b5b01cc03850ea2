namespace RecSys.Core.Recommendations.Sources;

/// <summary>
/// Exponentially decayed event counts of the items that lead, at most twice <paramref name="capacity"/> of them: when there are more, the
/// lower half is forgotten. Thread-safe.
/// </summary>
/// <param name="decayMs">An event counts e^(-age / this).</param>
/// <param name="capacity">Items that are certain to be kept while they lead.</param>
internal sealed class DecayedCounts(double decayMs, int capacity)
{
    // Counts are kept as of a landmark in the past, so that an event touches one number only (forward decay, Cormode et al. 2009). Beyond
    // this many time constants the landmark moves, long before a double overflows.
    private const double MaxExponent = 100;

    private readonly Dictionary<int, double> counts = [];
    private readonly Lock gate = new();
    private long? landmark;
    private double total;

    public void Add(int item, long timeMs)
    {
        lock (gate)
        {
            landmark ??= timeMs;
            if ((timeMs - landmark.Value) / decayMs > MaxExponent) MoveLandmark(timeMs);
            var weight = Math.Exp((timeMs - landmark.Value) / decayMs);
            counts[item] = counts.GetValueOrDefault(item) + weight;
            total += weight;
            if (counts.Count > 2 * capacity) Forget();
        }
    }

    /// <summary>Decayed number of all events, those of forgotten items included.</summary>
    public double TotalAt(long timeMs)
    {
        lock (gate) return landmark is { } start ? total * Math.Exp((start - timeMs) / decayMs) : 0;
    }

    /// <summary>Up to <paramref name="count"/> of the items that pass, most events first.</summary>
    public int[] Top(int count, Func<int, bool> passes)
    {
        var top = new TopItems(count);
        lock (gate)
        {
            foreach (var (item, value) in counts)
            {
                if (passes(item)) top.Offer(item, value);
            }
        }
        return top.Take();
    }

    /// <summary>The binary form: landmark, total, and the counts in ascending order of items.</summary>
    public byte[] ToBytes()
    {
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer);
        lock (gate)
        {
            writer.Write(landmark ?? long.MinValue);
            writer.Write(total);
            writer.Write(counts.Count);
            foreach (var (item, value) in counts.OrderBy(entry => entry.Key))
            {
                writer.Write(item);
                writer.Write(value);
            }
        }
        writer.Flush();
        return buffer.ToArray();
    }

    /// <summary>Takes over what <see cref="ToBytes"/> gave.</summary>
    public void Restore(BinaryReader from)
    {
        lock (gate)
        {
            landmark = from.ReadInt64() is var at && at == long.MinValue ? null : at;
            total = from.ReadDouble();
            counts.Clear();
            for (var left = from.ReadInt32(); left > 0; left--) counts.Add(from.ReadInt32(), from.ReadDouble());
        }
    }

    private void MoveLandmark(long timeMs)
    {
        var factor = Math.Exp((landmark!.Value - timeMs) / decayMs);
        foreach (var item in counts.Keys) counts[item] *= factor;
        total *= factor;
        landmark = timeMs;
    }

    private void Forget()
    {
        var top = new TopItems(capacity);
        foreach (var (item, value) in counts) top.Offer(item, value);
        var keep = top.Take().ToHashSet();
        foreach (var item in counts.Keys)
        {
            if (!keep.Contains(item)) counts.Remove(item);
        }
    }
}
