using Microsoft.Extensions.Logging.Console;

namespace RecSys.Api.Hosting.Telemetry;

/// <summary>How the log is written, by the section <c>Logging</c>.</summary>
internal static class LogOutput
{
    /// <summary>Adds the console with its formats, <see cref="JsonLines"/> among them.</summary>
    public static ILoggingBuilder AddConsoleLines(this ILoggingBuilder logging) =>
        logging.AddConsole().AddConsoleFormatter<JsonLines, ConsoleFormatterOptions>();

    /// <summary>The log of what runs before there is a host.</summary>
    /// <param name="overrides">Settings of one server over those of all; null: none.</param>
    public static ILoggerFactory BeforeHost(IReadOnlyDictionary<string, string?>? overrides = null)
    {
        var settings = new ConfigurationBuilder().AddConfiguration(Settings.Root)
            .AddInMemoryCollection(overrides ?? new Dictionary<string, string?>()).Build();
        return LoggerFactory.Create(logging => logging.AddConfiguration(settings.GetSection("Logging")).AddConsoleLines());
    }
}
