using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Import.Rows;

/// <summary>What holds for the events of every importer.</summary>
internal static class EventRules
{
    /// <summary>What keeps the event out beside <see cref="RecordRules"/>, or null.</summary>
    internal static string? FindProblem(Event e, TimeProvider clock) => e.Time > clock.GetUtcNow() + RecordRules.Ahead
        ? "time is more than 10 minutes later than now" : null;

    /// <summary>A purchase for less than nothing is one that is taken back, unless the sender says what it is.</summary>
    internal static Event TakingBack(Event e) => e is { Type: EventType.Purchase, Meaning: null } && (e.Amount ?? e.Value) < 0
        ? e with { Meaning = EventMeaning.Undo } : e;
}
