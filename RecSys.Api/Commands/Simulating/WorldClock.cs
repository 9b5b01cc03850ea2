namespace RecSys.Api.Commands.Simulating;

/// <summary>The clock of a simulated world: stands where it was set. Timers and durations are the machine's.</summary>
/// <param name="start">Where it begins.</param>
internal sealed class WorldClock(DateTimeOffset start) : TimeProvider
{
    private long ticks = start.UtcTicks;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref ticks), TimeSpan.Zero);

    /// <summary>Goes on to a moment; an earlier one leaves the clock where it is.</summary>
    public void GoOnTo(DateTimeOffset moment) => Volatile.Write(ref ticks, Math.Max(Volatile.Read(ref ticks), moment.UtcTicks));
}
