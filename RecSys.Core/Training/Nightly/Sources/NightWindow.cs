using RecSys.Core.Domain;
using RecSys.Core.Storage.Lake;

namespace RecSys.Core.Training.Nightly.Sources;

/// <summary>The received days that a night learns from: a range of positions.</summary>
/// <param name="FirstDay">First day.</param>
/// <param name="Day">Last day.</param>
/// <param name="FirstPosition">First entry.</param>
/// <param name="LastPosition">Last entry.</param>
/// <param name="Epoch">Epoch of the log.</param>
internal sealed record NightWindow(DateOnly FirstDay, DateOnly Day, long FirstPosition, long LastPosition, long Epoch)
{
    /// <summary>First entry of the window that ends a day later, one behind the last entry where that has none yet.</summary>
    public required long NextFirstPosition { get; init; }

    /// <summary>Begin of the first day.</summary>
    public DateTimeOffset Start => LakeClock.StartOf(FirstDay);

    /// <summary>End of the last day.</summary>
    public DateTimeOffset End => LakeClock.StartOf(Day.AddDays(1));

    /// <exception cref="RecSysException">Nothing was received in these days.</exception>
    public NightWindow RequireEntries(string place) => LastPosition >= FirstPosition ? this : throw new RecSysException(
        $"Nothing was received from {FirstDay:yyyy-MM-dd} to {Day:yyyy-MM-dd} in {place}, so there is nothing to learn from. Choose a day "
            + "with data (--day), or more days (Training:Nightly:Days).");
}
