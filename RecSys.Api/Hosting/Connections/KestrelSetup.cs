using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using RecSys.Api.Hosting.Limits;
using RecSys.Api.Hosting.Requests;
using RecSys.Api.Hosting.Telemetry;

namespace RecSys.Api.Hosting.Connections;

/// <summary>What a connection may do, before anything is known about who is on its other end.</summary>
internal static class KestrelSetup
{
    internal const int MaxRequestLineBytes = 8 * 1024;
    internal const int MaxHeaderBytes = 32 * 1024;
    internal const int MaxHeaders = 100;

    // What the system may hold of replies that a client does not read; its own automatic choice goes up to several megabytes per
    // connection.
    private const int SendBufferBytes = 128 * 1024;

    public static void Configure(WebApplicationBuilder builder, ServerSettings settings, MetricsPort metrics)
    {
        var limits = SectionReader.Read<LimitOptions>(builder.Configuration, LimitOptions.SectionName);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Parse(settings.Address), settings.Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(next => new PoliteConnection(next).RunAsync);
            });
            metrics.Listen(kestrel, IPAddress.Parse(settings.Address));
            kestrel.Limits.MaxRequestLineSize = MaxRequestLineBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
            kestrel.Limits.MaxRequestHeaderCount = MaxHeaders;
            kestrel.Limits.MaxRequestBodySize = BodyRules.MaxBytes;
            // How far a client may send ahead, and how much of what it is answered may wait for it.
            kestrel.Limits.MaxRequestBufferSize = 64 * 1024;
            kestrel.Limits.MaxResponseBufferSize = limits.ResponseBufferBytes;
            kestrel.Limits.MinResponseDataRate = new MinDataRate(limits.MinResponseBytesPerSecond, TimeSpan.FromSeconds(5));
            kestrel.Limits.MaxConcurrentConnections = limits.MaxConnections;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        });
        builder.Services.Configure<SocketTransportOptions>(transport => transport.CreateBoundListenSocket = endpoint =>
        {
            var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            // Accepted sockets inherit it.
            socket.SendBufferSize = SendBufferBytes;
            return socket;
        });
    }

    /// <summary>Finds out whether the address can be had, before minutes of loading or training.</summary>
    /// <exception cref="Core.Domain.RecSysException">It cannot; the message says why.</exception>
    public static void RequireFreeAddress(ServerSettings settings)
    {
        if (settings.Port == 0) return;
        try
        {
            using var socket =
                SocketTransportOptions.CreateDefaultBoundListenSocket(new IPEndPoint(IPAddress.Parse(settings.Address), settings.Port));
            socket.Listen();
        }
        catch (SocketException exception)
        {
            throw CannotListen(settings, exception);
        }
    }

    public static Core.Domain.RecSysException CannotListen(ServerSettings settings, Exception exception) => exception switch
    {
        IOException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } =>
            new($"Port {settings.Port} of {settings.Address} is in use; stop the other program or choose another port with --port.",
                exception),
        _ => new($"Cannot listen on {settings.Address}, port {settings.Port}: {exception.Message}. Choose others with --address and "
            + "--port.", exception),
    };
}
