using RecSys.Core.Domain;
using RecSys.Core.Storage.Lake;

namespace RecSys.Core.Training.Nightly.Sources;

/// <summary>Codes of the few names that come again and again in events. Not thread-safe.</summary>
internal sealed class NameCodes
{
    private readonly Dictionary<string, EventType> types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte> devices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte> locations = new(StringComparer.Ordinal);

    /// <exception cref="RecSysException">No type has this name.</exception>
    public EventType TypeOf(string name) => types.TryGetValue(name, out var type) ? type : types[name] = LakeNames.Type(name);

    /// <summary>Code of the device; null for none.</summary>
    public byte DeviceOf(string? name) => CodeOf(name, devices, ContextCodes.Device);

    /// <summary>Code of the location; null for none.</summary>
    public byte LocationOf(string? name) => CodeOf(name, locations, ContextCodes.Location);

    private static byte CodeOf(string? name, Dictionary<string, byte> codes, Func<string?, byte> codeOf) =>
        string.IsNullOrEmpty(name) ? (byte)0 : codes.TryGetValue(name, out var code) ? code : codes[name] = codeOf(name);
}
