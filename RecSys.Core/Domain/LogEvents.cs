namespace RecSys.Core.Domain;

/// <summary>The one way from an event to its compact form, for serving, replay and checks alike.</summary>
public static class LogEvents
{
    /// <param name="e">The event.</param>
    /// <param name="user">Ordinal of the user; -1 when erased.</param>
    /// <param name="item">Ordinal of the item.</param>
    /// <param name="foldMs">The time that folds go by, Unix milliseconds, see <see cref="LogEntry.FoldMs"/>.</param>
    public static LogEvent Of(Event e, int user, int item, long foldMs) => Of(
        foldMs, user, item, e.Type, ValueOf(e.Type, e.Value, e.Amount), e.Position,
        ContextCodes.Device(e.Device), ContextCodes.Location(e.Location), e.Meaning);

    /// <summary>What stands for the value of an event: of a purchase without one the money, in whatever currency the log has.</summary>
    public static double? ValueOf(EventType type, double? value, double? amount) =>
        value ?? (type == EventType.Purchase ? amount : null);

    /// <summary>From the parts of a stored event.</summary>
    /// <param name="timeMs">The time that folds go by, Unix milliseconds.</param>
    /// <param name="user">Ordinal of the user; -1 when erased.</param>
    /// <param name="item">Ordinal of the item.</param>
    /// <param name="type">What happened.</param>
    /// <param name="value">Of <see cref="ValueOf"/>.</param>
    /// <param name="position">Zero-based position shown; a smaller one counts as unknown, a greater one than 32,767 as that.</param>
    /// <param name="device">Code from <see cref="ContextCodes.Device"/>.</param>
    /// <param name="location">Code from <see cref="ContextCodes.Location"/>.</param>
    /// <param name="meaning">Null: what the type says.</param>
    public static LogEvent Of(
        long timeMs, int user, int item, EventType type, double? value, long? position, byte device, byte location,
        EventMeaning? meaning = null)
    {
        var entry = new LogEvent(
            timeMs, user, item, type, (float)(value ?? double.NaN), (short)Math.Clamp(position ?? -1, -1, short.MaxValue), device,
            location);
        return meaning is { } stated ? entry with { Meaning = stated } : entry;
    }
}
