using System.Net;

namespace RecSys.Core.Domain;

/// <summary>Which addresses are not of the public internet: a server that is told to call them may be meant to reach what it should not.</summary>
public static class PrivateAddresses
{
    /// <summary>RFC 1918 and 6598, unique local ones of IPv6 (RFC 4193), and "this network"; the loopback is not among them.</summary>
    public static bool IsPrivate(IPAddress ip)
    {
        if (IPAddress.IsLoopback(ip)) return false;
        if (!ip.IsIPv4MappedToIPv6 && ip.GetAddressBytes().Length == 16)
            return ip.IsIPv6UniqueLocal || ip.IsIPv6SiteLocal || ip.Equals(IPAddress.IPv6Any);
        return ip.MapToIPv4().GetAddressBytes()
            is [10, ..] or [172, >= 16 and < 32, ..] or [192, 168, ..] or [100, >= 64 and < 128, ..] or [0, ..];
    }

    /// <summary>Where machines of a cloud answer with their own keys.</summary>
    public static bool IsLinkLocal(IPAddress ip) => ip.IsIPv6LinkLocal || ip.MapToIPv4().GetAddressBytes() is [169, 254, _, _];
}
