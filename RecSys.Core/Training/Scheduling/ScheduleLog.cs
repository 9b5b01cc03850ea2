using Microsoft.Extensions.Logging;

namespace RecSys.Core.Training.Scheduling;

internal static partial class ScheduleLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "The night of {Planned} begins")]
    public static partial void NightStarted(this ILogger logger, DateTimeOffset planned);

    [LoggerMessage(Level = LogLevel.Information, Message = "A night beside the planned ones, because of {Reason}")]
    public static partial void NightAsked(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Training: {Line}")]
    public static partial void NightSaid(this ILogger logger, string line);

    [LoggerMessage(Level = LogLevel.Information, Message = "The night ended: {Verdict}")]
    public static partial void NightEnded(this ILogger logger, string verdict);

    [LoggerMessage(Level = LogLevel.Information, Message = "The night was {Reason}")]
    public static partial void NightSkipped(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The night failed with code {Code}, the champion serves on: {Reason}")]
    public static partial void NightFailed(this ILogger logger, int code, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Planned nights that were missed and are passed over: {Count}, up to {Latest}")]
    public static partial void NightsSkipped(this ILogger logger, int count, DateTimeOffset latest);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What the scheduler did last cannot be kept in {Path}: {Reason}")]
    public static partial void ScheduleNotKept(this ILogger logger, string path, string reason);
}
