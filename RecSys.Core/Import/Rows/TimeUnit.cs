namespace RecSys.Core.Import.Rows;

/// <summary>What numbers that are times count since 1970.</summary>
public enum TimeUnit
{
    /// <summary>Told by the size of each number: those of 1990 to 2199 in one unit are no time of these years in another.</summary>
    Auto,
    Seconds,
    Milliseconds,
    Microseconds,
    Nanoseconds,
}
