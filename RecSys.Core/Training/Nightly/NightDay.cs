using RecSys.Core.Domain;
using RecSys.Core.Storage.Lake;
using static System.FormattableString;

namespace RecSys.Core.Training.Nightly;

/// <summary>The last received day that a night learns from.</summary>
internal static class NightDay
{
    /// <param name="asked">Null: the last day that is closed.</param>
    /// <param name="now">What counts as now.</param>
    /// <param name="minutes">How long after its end a day is still open.</param>
    /// <exception cref="RecSysException">The day that is asked for is not over, or has not begun.</exception>
    public static DateOnly Of(DateOnly? asked, DateTimeOffset now, int minutes)
    {
        var last = LakeClock.LastClosed(now, minutes, new LakeExportRequest());
        if (asked is not { } day || day <= last) return asked ?? last;
        if (day > LakeClock.DayOf(now))
            throw new RecSysException($"The day {LakeNames.Plain(day)} has not begun: it is {LakeNames.Plain(LakeClock.DayOf(now))} (UTC), "
                + $"and {LakeNames.Plain(last)} is the last closed day. Choose that one or an earlier one (--day).");
        var closed = LakeClock.StartOf(day.AddDays(1)).AddMinutes(minutes).UtcDateTime;
        throw new RecSysException(
            Invariant($"The day {day:yyyy-MM-dd} is not over: it will be closed at {closed:yyyy-MM-ddTHH:mm:ss}Z, and {last:yyyy-MM-dd} ")
            + "is the last closed one. Wait until then, or choose an earlier --day. To try a night over what the day has so far, give "
            + Invariant($"a time after its end, such as --now {closed:yyyy-MM-ddTHH:mm:ss}Z. That the lake has the day already (lake ")
            + "export --now) changes nothing: what comes until its end belongs to it in the log.");
    }
}
