using Microsoft.Extensions.Logging;

namespace RecSys.Core.Monitoring;

internal static partial class MonitoringLog
{
    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The latencies of the last day in {File} are left aside, windows begin anew: {Reason}")]
    public static partial void WindowsNotRead(this ILogger logger, string file, string reason);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The latencies of the last day could not be written to {File} ({Times} times since the last line): {Reason}")]
    public static partial void WindowsNotWritten(this ILogger logger, string file, long times, string reason);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The figures of the machine could not be read ({Times} times since the last line): {Reason}")]
    public static partial void MachineNotRead(this ILogger logger, long times, string reason);
}
