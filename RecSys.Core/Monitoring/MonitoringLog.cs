using Microsoft.Extensions.Logging;

namespace RecSys.Core.Monitoring;

internal static partial class MonitoringLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The {What} failed ({Times} times since the last line); the next one is as usual")]
    public static partial void TurnFailed(this ILogger logger, string what, Exception fault, long times);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "What was kept of the {What} in {File} is left aside, they begin anew: {Reason}")]
    public static partial void WindowsNotRead(this ILogger logger, string what, string file, string reason);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The {What} could not be written to {File} ({Times} times since the last line): {Reason}")]
    public static partial void WindowsNotWritten(this ILogger logger, string what, string file, long times, string reason);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The figures of the machine could not be read ({Times} times since the last line): {Reason}")]
    public static partial void MachineNotRead(this ILogger logger, long times, string reason);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Business figures could not be counted ({Times} times since the last line); they go on where they are")]
    public static partial void BusinessNotCounted(this ILogger logger, Exception fault, long times);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Business figures are in {Currency}, the first currency that an event named; Monitoring:Currency can name another")]
    public static partial void CurrencyFound(this ILogger logger, string currency);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Money in another currency than {Currency}, the first that an event named, is in no business figure ({Times} times since "
            + "the last line); Monitoring:Currency names the one that is wanted")]
    public static partial void OtherCurrencyLeftOut(this ILogger logger, string currency, long times);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "A training is asked for: lists drifted from what {Version} was made for, most of all {Responsible}")]
    public static partial void RetrainingAsked(this ILogger logger, string version, string responsible);
}
