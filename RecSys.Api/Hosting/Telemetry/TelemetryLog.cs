namespace RecSys.Api.Hosting.Telemetry;

internal static partial class TelemetryLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "No port for metrics: {Warning}")]
    public static partial void NoMetricsPort(this ILogger logger, string warning);
}
