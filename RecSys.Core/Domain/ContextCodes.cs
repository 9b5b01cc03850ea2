namespace RecSys.Core.Domain;

/// <summary>Small stable codes for request context; 0 is always "unknown".</summary>
public static class ContextCodes
{
    private static readonly string[] Devices = ["", "mobile", "desktop", "tablet", "tv", "web"];

    /// <summary>Number of device codes including unknown; names that are not listed are unknown.</summary>
    public static int DeviceCount => Devices.Length;

    /// <summary>Comma-separated list of the known device names, for error messages.</summary>
    public static string DeviceNames { get; } = string.Join(", ", Devices.Skip(1));

    /// <summary>1 mobile, 2 desktop, 3 tablet, 4 tv, 5 web; 0 when unknown or missing.</summary>
    public static byte Device(string? name) => string.IsNullOrEmpty(name) ? (byte)0 : (byte)Math.Max(0, Array.IndexOf(Devices, name));

    /// <summary>A bucket from 1 to 255 for a location name (FNV-1a over its UTF-8 bytes); 0 when missing.</summary>
    public static byte Location(string? name)
    {
        if (string.IsNullOrEmpty(name)) return 0;
        return (byte)(1 + StableHash.Of(name) % 255);
    }
}
