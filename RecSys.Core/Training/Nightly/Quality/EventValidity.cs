using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Training.Nightly.Quality;

/// <summary>What can be said of one event alone.</summary>
internal static class EventValidity
{
    private const int MaxPlace = 10_000;

    /// <summary>The first fault of the event by itself, or <see cref="EventFault.None"/>.</summary>
    public static EventFault FaultOf(Event e, long receivedMs, QualityOptions options)
    {
        if (e.Time.ToUnixTimeMilliseconds() > receivedMs + (long)RecordRules.Ahead.TotalMilliseconds) return EventFault.FutureTime;
        if (e.Amount is { } amount && Math.Abs(amount) > options.MaxAmount || e.Position > MaxPlace) return EventFault.ValueOutOfRange;
        return e.Value is { } value && IsOutOfRange(e.Type, value, options) ? EventFault.ValueOutOfRange : EventFault.None;
    }

    private static bool IsOutOfRange(EventType type, double value, QualityOptions options) => type switch
    {
        EventType.Rating => value < 0,
        EventType.View or EventType.LongView => value < 0 || value > options.MaxViewSeconds,
        EventType.Purchase => Math.Abs(value) > options.MaxAmount,
        _ => false,
    };
}
