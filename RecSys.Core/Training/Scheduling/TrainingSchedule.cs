using System.Diagnostics.CodeAnalysis;
using Cronos;

namespace RecSys.Core.Training.Scheduling;

/// <summary>When nights are planned: a cron expression in a time zone. Times that a change of the clock leaves out or repeats are planned
/// once.</summary>
public sealed class TrainingSchedule
{
    private readonly CronExpression cron;
    private readonly TimeZoneInfo zone;
    private readonly TimeSpan misfire;

    private TrainingSchedule(CronExpression cron, TimeZoneInfo zone, TimeSpan misfire) =>
        (this.cron, this.zone, this.misfire) = (cron, zone, misfire);

    /// <param name="options">With a cron expression.</param>
    /// <param name="schedule">What it says.</param>
    /// <param name="fault">What is wrong with it.</param>
    public static bool TryParse(
        ScheduleOptions options, [NotNullWhen(true)] out TrainingSchedule? schedule, [NotNullWhen(false)] out string? fault)
    {
        (schedule, fault) = (null, null);
        if (!CronExpression.TryParse(options.Cron ?? "", out var cron))
            fault = $"{ScheduleOptions.Path}:Cron must be five fields of cron, such as 0 0 * * *.";
        else if (!TimeZoneInfo.TryFindSystemTimeZoneById(options.TimeZone, out var zone))
            fault = $"{ScheduleOptions.Path}:TimeZone is no time zone of this machine; use a name such as Europe/Berlin or UTC.";
        else
            schedule = new TrainingSchedule(cron, zone, TimeSpan.FromHours(options.MisfireHours));
        return schedule is not null;
    }

    /// <summary>The first night behind a moment; null when there is none any more.</summary>
    public DateTimeOffset? Next(DateTimeOffset after) => cron.GetNextOccurrence(after, zone);

    /// <summary>What to do about nights that nobody was there for.</summary>
    /// <param name="handled">The last night that was begun or passed over.</param>
    /// <param name="now">The moment.</param>
    public MissedNights Missed(DateTimeOffset handled, DateTimeOffset now)
    {
        DateTimeOffset? latest = null;
        var count = 0;
        for (var at = Next(handled); at <= now; at = Next(at.Value)) (latest, count) = (at, count + 1);
        return latest is { } night && now - night <= misfire
            ? new MissedNights(night, count - 1, latest) : new MissedNights(null, count, latest);
    }
}
