namespace RecSys.Api.Jobs;

/// <summary>What jobs say in the log.</summary>
internal static partial class JobLog
{
    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The state of job {Job} could not be written down: {Reason} ({Times} times since the last line)")]
    public static partial void JobNotSaved(this ILogger logger, string job, string reason, long times);
}
