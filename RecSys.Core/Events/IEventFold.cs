using RecSys.Core.Domain;

namespace RecSys.Core.Events;

/// <summary>
/// Something that grows with the event log beside the feature state, such as counts behind a candidate source. It is given every event on a known
/// item in the order of <see cref="LiveState"/>, the log's first and live ones after, by one thread at a time. Readers run beside it.
/// </summary>
public interface IEventFold
{
    /// <summary>Takes in one event of the user.</summary>
    void Apply(LiveUser user, in LogEvent e);
}
