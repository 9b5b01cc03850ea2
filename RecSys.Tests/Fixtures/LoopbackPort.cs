using System.Net;
using System.Net.Sockets;

namespace RecSys.Tests.Fixtures;

/// <summary>Ports of this machine for servers of a test.</summary>
internal static class LoopbackPort
{
    /// <summary>One that nobody listens on.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
