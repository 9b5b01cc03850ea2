using System.Net;
using System.Net.Sockets;
using System.Security.Claims;

namespace RecSys.Api.Hosting.Limits;

/// <summary>
/// Who asks: the subject of a valid token, else the address; of IPv6 the first 64 bits, since the rest is the client's to choose.
/// </summary>
/// <param name="Operation">The class counted.</param>
/// <param name="Subject">Null without a token.</param>
/// <param name="High">Address, first half.</param>
/// <param name="Low">Address, second half; 0 for IPv6.</param>
internal readonly record struct ClientKey(OperationClass Operation, string? Subject, ulong High = 0, ulong Low = 0)
{
    public static ClientKey Of(HttpContext http, OperationClass operation)
    {
        if (http.User.Identity?.IsAuthenticated == true && http.User.FindFirstValue("sub") is { } subject)
            return new ClientKey(operation, subject);
        return Of(http.Connection.RemoteIpAddress ?? IPAddress.None, operation);
    }

    public static ClientKey Of(IPAddress address, OperationClass operation)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.MapToIPv6().TryWriteBytes(bytes, out _);
        var isIpv4 = address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6;
        return new ClientKey(operation, null, BitConverter.ToUInt64(bytes), isIpv4 ? BitConverter.ToUInt64(bytes[8..]) : 0);
    }
}
