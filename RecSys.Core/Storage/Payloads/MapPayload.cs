namespace RecSys.Core.Storage.Payloads;

/// <summary>Attributes, in the ordinal order of their names.</summary>
internal static class MapPayload
{
    internal static void Write(PayloadWriter writer, IReadOnlyDictionary<string, string> map)
    {
        writer.Count(map.Count);
        if (map.Count == 0) return;
        foreach (var (name, value) in map.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            writer.Text(name);
            writer.Text(value);
        }
    }

    /// <summary>Null for an empty map.</summary>
    internal static Dictionary<string, string>? Read(ref PayloadReader reader, SharedTexts shared)
    {
        var count = reader.Count();
        if (count == 0) return null;
        var map = new Dictionary<string, string>(count, StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var name = reader.TryUtf8(out var utf8) ? shared.Of(utf8) : "";
            map[name] = reader.Required();
        }
        return map;
    }
}
