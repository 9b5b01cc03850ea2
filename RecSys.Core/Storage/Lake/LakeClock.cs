using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Lake;

/// <summary>Which days are over.</summary>
internal static class LakeClock
{
    // A longer time without a single entry is more often a wrong clock than a store that nobody uses.
    internal const int MostIdleDays = 31;

    internal static DateOnly DayOf(long unixMs) => DayOf(DateTimeOffset.FromUnixTimeMilliseconds(unixMs));

    internal static DateOnly DayOf(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);

    internal static DateTimeOffset StartOf(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc));

    /// <summary>The last day that may be written.</summary>
    /// <param name="now">By the store's clock.</param>
    /// <param name="minutes">How long after its end a day is still open.</param>
    /// <param name="request">May ask for less, or for the present day too.</param>
    /// <exception cref="RecSysException">A day is asked for that is not over.</exception>
    internal static DateOnly LastClosed(DateTimeOffset now, int minutes, LakeExportRequest request)
    {
        var last = request.CloseToday ? DayOf(now) : DayOf(now.AddMinutes(-minutes)).AddDays(-1);
        if (request.Through is not { } through || through <= last) return request.Through ?? last;
        if (through > DayOf(now))
            throw new RecSysException($"The day {LakeNames.Plain(through)} has not begun: today is {LakeNames.Plain(DayOf(now))} (UTC), "
                + $"and {LakeNames.Plain(last)} is the last day that can be written. Choose that one or an earlier one (--through).");
        throw new RecSysException($"The day {LakeNames.Plain(through)} is not over: {LakeNames.Plain(last)} is the last closed one. Wait "
            + $"until {minutes} minutes after its end (UTC), or close it as it is with --now.");
    }

    /// <summary>Refuses to write very many days without entries at the end of a log, as when the clock has jumped.</summary>
    internal static void CheckIdle(DateOnly lastWithEntries, DateOnly through, LakeExportRequest request)
    {
        var idle = through.DayNumber - lastWithEntries.DayNumber;
        if (request.Through is not null || idle <= MostIdleDays) return;
        throw new RecSysException($"The last entry is of {LakeNames.Plain(lastWithEntries)} and the clock says that {idle} days have "
            + $"passed since. If the clock is right, say so with --through {LakeNames.Plain(through)}; if not, set it and export again.");
    }
}
