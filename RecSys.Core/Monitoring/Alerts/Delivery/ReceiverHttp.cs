using System.Net;
using System.Net.Sockets;
using RecSys.Core.Domain;

namespace RecSys.Core.Monitoring.Alerts.Delivery;

/// <summary>
/// The HTTP client of the receivers: calls the configured address and nothing that it redirects to, through no proxy, and outside
/// Development only what a public address stands behind, looked at when the name was resolved.
/// </summary>
internal static class ReceiverHttp
{
    /// <param name="allowPrivate">True lets receivers be on private networks and on this machine.</param>
    public static HttpClient Create(bool allowPrivate) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectTimeout = TimeSpan.FromSeconds(5),
        MaxResponseHeadersLength = 16,
        ConnectCallback = (context, cancellationToken) => ConnectAsync(context.DnsEndPoint, allowPrivate, cancellationToken),
    })
    {
        // Times are limited by the sender, whose clock may be a test's.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint host, bool allowPrivate, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(host.Host, cancellationToken);
        var allowed = addresses.Where(ip => !PrivateAddresses.IsLinkLocal(ip)
            && (allowPrivate || !(PrivateAddresses.IsPrivate(ip) || IPAddress.IsLoopback(ip)))).ToArray();
        if (allowed.Length == 0)
            throw new HttpRequestException(allowPrivate
                ? "its name leads to link-local addresses alone, which are never called: give it another one"
                : "its name leads to addresses that are not public; see Alerts:AllowPrivateAddress");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, host.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
