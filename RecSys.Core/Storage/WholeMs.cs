namespace RecSys.Core.Storage;

/// <summary>Windows of time in the whole milliseconds that are stored.</summary>
internal static class WholeMs
{
    /// <summary>The first stored millisecond that is not before <paramref name="from"/>.</summary>
    internal static long First(DateTimeOffset? from) => from is { } time ? CeilingMs(time) : long.MinValue;

    /// <summary>The first stored millisecond that is outside a window that ends at <paramref name="to"/>.</summary>
    internal static long End(DateTimeOffset? to) => to is { } time ? CeilingMs(time) : long.MaxValue;

    private static long CeilingMs(DateTimeOffset time) =>
        time.ToUnixTimeMilliseconds() + (time.Ticks % TimeSpan.TicksPerMillisecond == 0 ? 0 : 1);
}
