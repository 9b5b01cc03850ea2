using RecSys.Core.Domain;
using RecSys.Core.Import.Meaning;
using RecSys.Core.Storage;

namespace RecSys.Core.Import.Rows;

/// <summary>What holds for the events of every importer.</summary>
internal static class EventRules
{
    /// <summary>What keeps the event out beside <see cref="RecordRules"/>, or null.</summary>
    internal static string? FindProblem(Event e, TimeProvider clock) =>
        e.Time > clock.GetUtcNow() + RecordRules.Ahead ? "time is more than 10 minutes later than now"
        : e is { Type: EventType.Rating, Value: > RatingScale.Most or < -RatingScale.Most }
            ? "value lies outside -100 to 100, where no rating does; what is no rating has another type"
        : null;

    /// <summary>A purchase for less than nothing is one that is taken back, unless the sender says what it is.</summary>
    internal static Event TakingBack(Event e) => e is { Type: EventType.Purchase, Meaning: null } && (e.Amount ?? e.Value) < 0
        ? e with { Meaning = EventMeaning.Undo } : e;

    /// <summary>The event with purchases below nothing taken back, if it may be stored.</summary>
    /// <exception cref="RowException">It may not.</exception>
    internal static Event Checked(Event e, TimeProvider clock)
    {
        e = TakingBack(e);
        var fault = Fault("the user's id", e.UserId) ?? Fault("the item's id", e.ItemId) ?? Fault("the event's id", e.Id)
            ?? FindProblem(e, clock) ?? RecordRules.FindProblem(e);
        return fault is null ? e : throw new RowException(fault);
    }

    private static string? Fault(string what, string id) => Identifiers.FaultOfNew(id) is { } fault ? $"{what} {fault}" : null;
}
