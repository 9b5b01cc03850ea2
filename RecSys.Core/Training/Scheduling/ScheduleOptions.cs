using System.ComponentModel.DataAnnotations;

namespace RecSys.Core.Training.Scheduling;

/// <summary>When a serving process trains by itself, section <c>Training:Schedule</c>.</summary>
public sealed class ScheduleOptions : IValidatableObject
{
    public const string Path = TrainingOptions.SectionName + ":Schedule";

    /// <summary>Five fields of cron, such as <c>0 0 * * *</c> for midnight; null or empty: never.</summary>
    public string? Cron { get; set; }

    /// <summary>Time zone of <see cref="Cron"/>, by its name in the zone database, such as <c>Europe/Berlin</c>. Default UTC.</summary>
    [Required]
    public string TimeZone { get; set; } = "UTC";

    /// <summary>
    /// A night begins up to so many minutes later, drawn each time, so that many servers do not begin at once. Default 5.
    /// </summary>
    [Range(0, 720)]
    public int JitterMinutes { get; set; } = 5;

    /// <summary>
    /// A night that was missed while no process ran is made up for at the start, if it is no older than so many hours. Default 6.
    /// </summary>
    [Range(0, 168)]
    public int MisfireHours { get; set; } = 6;

    /// <summary>Niceness of the child process, 0 to 19; with 19 it takes only what nobody else wants. Default 15.</summary>
    [Range(0, 19)]
    public int Niceness { get; set; } = 15;

    /// <summary>Most memory of the child process in MiB; null: no limit of its own.</summary>
    [Range(256, 16_777_216)]
    public int? MemoryMiB { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (string.IsNullOrWhiteSpace(Cron)) yield break;
        if (!TrainingSchedule.TryParse(this, out _, out var fault)) yield return new ValidationResult(fault);
    }
}
