using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>An item that a user chose, and when, Unix milliseconds.</summary>
internal readonly record struct Visit(int Item, long TimeMs);

/// <summary>The last items of a user, oldest first.</summary>
internal struct VisitTail
{
    public Visits Entries;
    public int Count;

    public void Push(Visit visit)
    {
        if (Count > 0 && visit.TimeMs < Entries[Count - 1].TimeMs) return;
        Span<Visit> all = Entries;
        if (Count == VisitTails.Reach) all[1..].CopyTo(all);
        else Count++;
        all[Count - 1] = visit;
    }
}

[InlineArray(VisitTails.Reach)]
internal struct Visits
{
    private Visit first;
}

/// <summary>
/// The last items of users, by key, in two generations: when a window has gone by in the log, or the younger one is full, the older one is
/// forgotten and the younger takes its place. Who comes again is carried over. What is forgotten is so by the log alone, the same in every
/// process. One writer.
/// </summary>
internal sealed class VisitTails(long windowMs)
{
    public const int Reach = 4;

    /// <summary>Most users of a generation.</summary>
    public const int Most = 500_000;

    private Dictionary<ulong, VisitTail> older = [];
    private Dictionary<ulong, VisitTail> younger = [];
    private long clockMs = long.MinValue;
    private long turnMs = long.MinValue;

    /// <summary>The tail of a user to read and write, until the next call.</summary>
    public ref VisitTail Of(ulong user, long timeMs)
    {
        clockMs = Math.Max(clockMs, timeMs);
        if (turnMs == long.MinValue) turnMs = clockMs + windowMs;
        if (clockMs > turnMs || younger.Count >= Most)
        {
            (older, younger) = (younger, []);
            turnMs = clockMs + windowMs;
        }
        ref var tail = ref CollectionsMarshal.GetValueRefOrAddDefault(younger, user, out var known);
        if (!known && older.Remove(user, out var before)) tail = before;
        return ref tail;
    }

    /// <summary>Puts the last items of both, by time, into the second.</summary>
    public void Merge(ulong from, ulong into)
    {
        if (from == into || Take(from) is not { } moved) return;
        var all = new List<Visit>(2 * Reach);
        all.AddRange(((ReadOnlySpan<Visit>)moved.Entries)[..moved.Count]);
        if (Take(into) is { } own) all.AddRange(((ReadOnlySpan<Visit>)own.Entries)[..own.Count]);
        var merged = new VisitTail();
        foreach (var visit in all.OrderBy(visit => visit.TimeMs).DistinctBy(visit => visit.Item)) merged.Push(visit);
        younger[into] = merged;
    }

    public void Remove(ulong user)
    {
        younger.Remove(user);
        older.Remove(user);
    }

    public byte[] ToBytes()
    {
        using var buffer = new MemoryStream((older.Count + younger.Count) * 64 + 64);
        using var writer = new BinaryWriter(buffer, Encoding.UTF8, leaveOpen: true);
        writer.Write(clockMs);
        writer.Write(turnMs);
        foreach (var tails in (Dictionary<ulong, VisitTail>[])[older, younger])
        {
            writer.Write(tails.Count);
            foreach (var (user, tail) in tails.OrderBy(entry => entry.Key))
            {
                writer.Write(user);
                writer.Write((byte)tail.Count);
                foreach (var visit in ((ReadOnlySpan<Visit>)tail.Entries)[..tail.Count])
                {
                    writer.Write(visit.Item);
                    writer.Write(visit.TimeMs);
                }
            }
        }
        writer.Flush();
        return buffer.ToArray();
    }

    public void Restore(BinaryReader from)
    {
        (clockMs, turnMs) = (from.ReadInt64(), from.ReadInt64());
        foreach (var tails in (Dictionary<ulong, VisitTail>[])[older, younger])
        {
            tails.Clear();
            for (var left = from.ReadInt32(); left > 0; left--)
            {
                var user = from.ReadUInt64();
                var tail = new VisitTail { Count = from.ReadByte() };
                for (var i = 0; i < tail.Count; i++) tail.Entries[i] = new Visit(from.ReadInt32(), from.ReadInt64());
                tails.Add(user, tail);
            }
        }
    }

    private VisitTail? Take(ulong user) => younger.Remove(user, out var tail) || older.Remove(user, out tail) ? tail : null;
}
