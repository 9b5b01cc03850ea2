namespace RecSys.Core.Storage.Sqlite;

/// <summary>Times as whole milliseconds.</summary>
internal static class SqliteTimes
{
    /// <summary>The first stored millisecond that is not before <paramref name="from"/>.</summary>
    internal static long FirstMs(DateTimeOffset? from) => from is { } time ? CeilingMs(time) : long.MinValue;

    /// <summary>The first stored millisecond that is outside a window that ends at <paramref name="to"/>.</summary>
    internal static long EndMs(DateTimeOffset? to) => to is { } time ? CeilingMs(time) : long.MaxValue;

    private static long CeilingMs(DateTimeOffset time) =>
        time.ToUnixTimeMilliseconds() + (time.Ticks % TimeSpan.TicksPerMillisecond == 0 ? 0 : 1);
}
