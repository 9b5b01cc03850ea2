using Microsoft.Extensions.Logging;
using RecSys.Core.Domain;

namespace RecSys.Core.Events;

internal static partial class EventsLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The log cannot be written: {Posts} posts were refused, and {Held} such "
        + "failures were not reported since the last report")]
    public static partial void LogNotWritten(this ILogger logger, Exception exception, int posts, long held);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "Erasures that were begun cannot be finished: {Reason} They are tried again every minute")]
    public static partial void ErasuresNotFinished(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The log is written again")]
    public static partial void LogWrittenAgain(this ILogger logger);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The store could not take a change of kind {Kind}; it is refused, kept among the dead letters: {Kept}. {Held} "
            + "such changes were not reported since the last report")]
    public static partial void ChangeRefused(this ILogger logger, Exception exception, LogKind kind, bool kept, long held);

    [LoggerMessage(Level = LogLevel.Error, Message = "The log cannot be followed; the state stays at position {Position} until it "
        + "can. {Held} such failures were not reported since the last report")]
    public static partial void TailFailed(this ILogger logger, Exception exception, long position, long held);

    [LoggerMessage(Level = LogLevel.Information, Message = "The log is followed again, from position {Position}")]
    public static partial void TailRecovered(this ILogger logger, long position);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Another process records contributions, up to position {Resolved}; this one follows")]
    public static partial void FollowsResolver(this ILogger logger, long resolved);

    [LoggerMessage(
        Level = LogLevel.Critical,
        Message = "Position {Position}: another process recorded a contribution that differs from this one's. Item counters here "
            + "are wrong from there on; restart this process, it then uses what was recorded")]
    public static partial void ContributionsDiffer(this ILogger logger, long position);

    [LoggerMessage(Level = LogLevel.Information, Message = "State snapshot {Name}: {Users} users, {Bytes} bytes in {Elapsed}")]
    public static partial void SnapshotWritten(this ILogger logger, string name, int users, long bytes, TimeSpan elapsed);

    [LoggerMessage(Level = LogLevel.Error, Message = "The state snapshot could not be written; a restart folds from the one before. "
        + "{Held} such failures were not reported since the last report")]
    public static partial void SnapshotFailed(this ILogger logger, Exception exception, long held);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The state snapshot {Name} is refused: {Reason}")]
    public static partial void SnapshotRefused(this ILogger logger, string name, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "State of position {Position} read from snapshot {Name}")]
    public static partial void SnapshotRead(this ILogger logger, string name, long position);
}
