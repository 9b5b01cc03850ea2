namespace RecSys.Core.Domain;

/// <summary>
/// The clock that requests, windows, rules and incoming events go by, where it is not the machine's: another one, so much apart from it. It
/// runs on at the same pace; timers and durations are those of the other clock.
/// </summary>
/// <param name="time">The clock to follow.</param>
/// <param name="shift">What is added to its time; negative for a moment that is past.</param>
public sealed class ServedTime(TimeProvider time, TimeSpan shift) : TimeProvider
{
    /// <summary>
    /// Key of the <see cref="TimeProvider"/> of the served world; the one without a key is the machine's, for tokens, files and audit.
    /// </summary>
    public const string Key = "served";

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => time.LocalTimeZone;

    /// <inheritdoc/>
    public override long TimestampFrequency => time.TimestampFrequency;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + shift;

    /// <inheritdoc/>
    public override long GetTimestamp() => time.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(callback, state, dueTime, period);
}
