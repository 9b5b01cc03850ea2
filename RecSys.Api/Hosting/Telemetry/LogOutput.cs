using Microsoft.Extensions.Logging.Console;

namespace RecSys.Api.Hosting.Telemetry;

/// <summary>How the log is written, by the section <c>Logging</c>.</summary>
internal static class LogOutput
{
    /// <summary>Adds the console with its formats, <see cref="JsonLines"/> among them.</summary>
    public static ILoggingBuilder AddConsoleLines(this ILoggingBuilder logging) =>
        logging.AddConsole().AddConsoleFormatter<JsonLines, ConsoleFormatterOptions>();

    /// <summary>The log of what runs before there is a host.</summary>
    public static ILoggerFactory BeforeHost() =>
        LoggerFactory.Create(logging => logging.AddConfiguration(Settings.Root.GetSection("Logging")).AddConsoleLines());
}
