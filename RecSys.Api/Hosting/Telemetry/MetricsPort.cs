using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using RecSys.Core.Domain;
using RecSys.Core.Monitoring;

namespace RecSys.Api.Hosting.Telemetry;

/// <summary>
/// The port on which <c>/metrics</c> answers, and nothing else. Where it is taken the server does not start; in the Development
/// environment, where one runs several, it starts without.
/// </summary>
/// <param name="Port">The port; 0: none.</param>
/// <param name="Warning">Why there is none although one is configured; null otherwise.</param>
internal sealed record MetricsPort(int Port, string? Warning = null)
{
    /// <summary>Where metrics are.</summary>
    public const string Path = "/metrics";

    private const string Option = $"{MonitoringOptions.SectionName}:{nameof(MonitoringOptions.MetricsPort)}";

    /// <summary>Finds out whether the port can be had.</summary>
    /// <exception cref="RecSysException">It is taken or is the server's own; the message names the option.</exception>
    public static MetricsPort Choose(ServerSettings settings, MonitoringOptions options, bool development)
    {
        if (options.MetricsPort == 0) return new MetricsPort(0);
        if (options.MetricsPort == settings.Port)
            throw new RecSysException($"{Option} is {settings.Port}, which is the server's own port; choose another one, or 0 for none.");
        try
        {
            var address = new IPEndPoint(IPAddress.Parse(settings.Address), options.MetricsPort);
            using var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(address);
            socket.Listen();
            return new MetricsPort(options.MetricsPort);
        }
        catch (SocketException exception)
        {
            var fault = exception.SocketErrorCode == SocketError.AddressAlreadyInUse
                ? "is in use" : $"cannot be had ({exception.Message})";
            var why = $"Port {options.MetricsPort} of {settings.Address}, {Option}, {fault}";
            if (development) return new MetricsPort(0, $"{why}, so that metrics have no port of their own");
            throw new RecSysException($"{why}. Stop the other program, choose another port with --set {Option}=9465, or 0 for none.",
                exception);
        }
    }

    /// <summary>Refuses a port that cannot be had before minutes of loading.</summary>
    /// <exception cref="RecSysException">As <see cref="Choose"/>.</exception>
    public static void Require(ServerSettings settings)
    {
        var environment = settings.Environment ?? Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT")
            ?? Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT");
        var configuration = new ConfigurationBuilder().AddConfiguration(Settings.Root).AddInMemoryCollection(settings.Overrides).Build();
        Choose(settings, SectionReader.Read<MonitoringOptions>(configuration, MonitoringOptions.SectionName),
            string.Equals(environment, Environments.Development, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Opens the port.</summary>
    public void Listen(KestrelServerOptions kestrel, IPAddress address)
    {
        if (Port != 0) kestrel.Listen(address, Port, listen => listen.Protocols = HttpProtocols.Http1);
    }

    /// <summary>Stands before everything else: what comes in on this port gets metrics or nothing.</summary>
    /// <param name="app">The server.</param>
    /// <param name="onMainPort">True where metrics are on the server's own port, too.</param>
    public void Use(WebApplication app, bool onMainPort)
    {
        if (Port != 0)
        {
            app.MapWhen(http => http.Connection.LocalPort == Port, branch =>
            {
                branch.UseOpenTelemetryPrometheusScrapingEndpoint(Path);
                branch.Run(static http =>
                {
                    http.Response.StatusCode = StatusCodes.Status404NotFound;
                    return Task.CompletedTask;
                });
            });
        }
        if (onMainPort) app.UseOpenTelemetryPrometheusScrapingEndpoint(Path);
    }
}
