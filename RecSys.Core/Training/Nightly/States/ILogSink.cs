using RecSys.Core.Domain;

namespace RecSys.Core.Training.Nightly.States;

/// <summary>Takes the entries of a log one after another, events in their compact form.</summary>
internal interface ILogSink
{
    /// <summary>An event.</summary>
    /// <param name="mark">Its entry.</param>
    /// <param name="userId">Whose it was; null for nobody's, such as an erased user's.</param>
    /// <param name="requestId">What the list was answered to, empty for none.</param>
    /// <param name="e">The event, without user and list.</param>
    void Event(in EventMark mark, string? userId, ReadOnlySpan<char> requestId, in LogEvent e);

    /// <summary>An entry of another kind.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="isForgotten">True where it speaks of somebody who was erased: it is there and changes nothing.</param>
    void Change(LogEntry entry, bool isForgotten);
}

/// <summary>Place and time of an event's entry.</summary>
/// <param name="Position">Its place.</param>
/// <param name="ReceivedMs">When it was received, Unix milliseconds.</param>
internal readonly record struct EventMark(long Position, long ReceivedMs);
