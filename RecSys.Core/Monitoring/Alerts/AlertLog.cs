using Microsoft.Extensions.Logging;

namespace RecSys.Core.Monitoring.Alerts;

internal static partial class AlertLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Alert {Rule}: {From} to {To}, {Summary}")]
    public static partial void AlertChanged(this ILogger logger, string rule, string from, string to, string summary);

    [LoggerMessage(Level = LogLevel.Information, Message = "Red alerts of {Incident}, {Action}: {Outcome}")]
    public static partial void AlertActed(this ILogger logger, string incident, string action, string outcome);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The alert rule {Rule} has no data because its source failed ({Times} times since the last line): {Reason}")]
    public static partial void AlertNotRead(this ILogger logger, string rule, long times, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What alerts kept in {File} is left aside, they begin anew: {Reason}")]
    public static partial void AlertsNotRead(this ILogger logger, string file, string reason);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "What alerts keep could not be written to {File} ({Times} times since the last line): {Reason}")]
    public static partial void AlertsNotKept(this ILogger logger, string file, long times, string reason);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The receiver {Channel} of alerts does not take messages ({Times} times since the last line), they are tried again: "
            + "{Reason}")]
    public static partial void AlertNotTaken(this ILogger logger, string channel, long times, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "An alert could not be delivered to {Channel} and was put aside in {File}: {Reason}")]
    public static partial void AlertPutAside(this ILogger logger, string channel, string file, string reason);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{Action} of {Incident} could not be done ({Times} times since the last line), it is tried again: {Reason}")]
    public static partial void AlertActOwed(this ILogger logger, string action, string incident, long times, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "What a red alert sets in motion failed, {Action}: {Reason}")]
    public static partial void AlertActFailed(this ILogger logger, string action, string reason);
}
