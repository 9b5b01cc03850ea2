using RecSys.Core.Domain;
using RecSys.Core.Storage.Lake;
using static System.FormattableString;

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

    public bool IsEmpty => LastPosition < FirstPosition;

    /// <summary>What to say of a window without entries.</summary>
    /// <param name="place">What was read.</param>
    /// <param name="first">First day that has entries, with their number; null: there is none.</param>
    /// <param name="last">Last such day.</param>
    public RecSysException Nothing(string place, (DateOnly Day, long Entries)? first, (DateOnly Day, long Entries)? last) =>
        new(Invariant($"Nothing was received from {FirstDay:yyyy-MM-dd} to {Day:yyyy-MM-dd} in {place}, so there is nothing to learn ")
            + "from. Days are those of receipt by the store's clock (UTC), whatever times the events have: an import belongs to the day "
            + "of the import. " + (first is { } from && last is { } to
                ? Invariant($"The first day with entries is {from.Day:yyyy-MM-dd} ({from.Entries:#,0} of them), the last one ")
                    + Invariant($"{to.Day:yyyy-MM-dd} ({to.Entries:#,0}). Choose a day with data (--day), or more days ")
                    + "(Training:Nightly:Days)."
                : "It has no entries yet: import or post some."))
        {
            IsSkip = true,
        };
}
