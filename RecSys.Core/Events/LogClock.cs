using System.Runtime.InteropServices;
using System.Text;

namespace RecSys.Core.Events;

/// <summary>
/// Which moment features refer to, from the events folded so far. A log that somebody feeds goes by the real time. One that ended long ago
/// (an imported data set) is served as of its end until live events come: otherwise every window would be empty and every recency out
/// of the range that models were trained on. Even a day later the windows of an hour and a day have lost most of what they tell.
/// </summary>
/// <remarks>
/// An event is live when it was received at most a day after it happened. A log is live once more events are than a share of 1 / 32 of the
/// others, at least 3 and at most 31: somebody who tries a data set, a small one too, with a click or two does not empty the windows of
/// everybody. Likewise the end is not
/// the latest time but one that as many events may pass, so that single wild timestamps move nothing; an event that claims to have happened
/// after it was received says nothing about the end.
/// </remarks>
internal sealed class LogClock
{
    /// <summary>Version of the stored form.</summary>
    public const int FormatVersion = 2;

    private const int Kept = 32;
    private const int LeastLive = 3;
    private const long DayMs = 86_400_000;
    private const long SkewMs = 600_000;

    // The latest times, ascending.
    private readonly long[] latest = new long[Kept];
    private int count;
    private long events;
    private long endMs = long.MinValue;
    private long liveEvents;
    private bool live;

    /// <summary>Takes in an event; null when nobody said when it happened, so that it is live.</summary>
    public void Apply(long? happenedMs, long receivedMs)
    {
        if (live) return;
        var happened = happenedMs ?? receivedMs;
        if (happened > receivedMs + SkewMs) return;
        if (receivedMs - happened <= DayMs)
        {
            Volatile.Write(ref live, ++liveEvents > FewLive);
            return;
        }
        events++;
        if (count < Kept) Insert(happened);
        else if (happened > latest[0])
        {
            latest.AsSpan(1).CopyTo(latest);
            count--;
            Insert(happened);
        }
        Volatile.Write(ref endMs, latest[count - 1 - Few]);
    }

    // So many events tell nothing. Behind the latest times there is always one more.
    private int Few => (int)Math.Min(events / Kept, Kept - 1);

    // A click or two tell nothing either, however small the log.
    private int FewLive => Math.Max(LeastLive, Few);

    /// <summary>Live events that it takes from here on until the log goes by the real time; 0 when it does.</summary>
    public long LiveEventsMissing => Volatile.Read(ref live) ? 0 : FewLive + 1 - Volatile.Read(ref liveEvents);

    /// <summary>The moment that features and windows refer to, Unix milliseconds.</summary>
    public long FeatureTimeMs(DateTimeOffset now)
    {
        var nowMs = now.ToUnixTimeMilliseconds();
        var end = Volatile.Read(ref endMs);
        return Volatile.Read(ref live) || end == long.MinValue ? nowMs : Math.Min(nowMs, end);
    }

    public void Write(BinaryWriter to)
    {
        to.Write(live);
        to.Write(liveEvents);
        to.Write(events);
        to.Write(endMs);
        to.Write(count);
        to.Write(MemoryMarshal.AsBytes(latest.AsSpan()));
    }

    public static LogClock Read(Stream stream)
    {
        using var from = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        var clock = new LogClock
        {
            live = from.ReadBoolean(), liveEvents = from.ReadInt64(), events = from.ReadInt64(), endMs = from.ReadInt64(),
            count = from.ReadInt32(),
        };
        from.BaseStream.ReadExactly(MemoryMarshal.AsBytes(clock.latest.AsSpan()));
        return clock;
    }

    private void Insert(long value)
    {
        var at = count++;
        for (; at > 0 && latest[at - 1] > value; at--) latest[at] = latest[at - 1];
        latest[at] = value;
    }
}
