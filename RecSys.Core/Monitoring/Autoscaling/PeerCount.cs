using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace RecSys.Core.Monitoring.Autoscaling;

/// <summary>Counts servers by the addresses that their common name resolves to.</summary>
internal sealed class PeerCount(IOptions<AutoscalingOptions> options, TimeProvider time)
{
    private static readonly TimeSpan LongestLookup = TimeSpan.FromSeconds(5);

    /// <returns>Null when the name cannot be resolved now.</returns>
    public async Task<int?> ReadAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Peers is not { } name) return 1;
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(name, cancellationToken).WaitAsync(LongestLookup, time, cancellationToken);
            // A server with two families of addresses is one server.
            var families = addresses.GroupBy(address => address.AddressFamily).Select(family => family.Distinct().Count());
            return families.DefaultIfEmpty(0).Max() is > 0 and var count ? count : null;
        }
        // Also a name that no resolver takes, such as 0.0.0.0 or one that is too long.
        catch (Exception fault) when (fault is SocketException or TimeoutException or ArgumentException)
        {
            return null;
        }
    }
}
