using System.Text.Json;

namespace RecSys.Api.Contracts.Reading;

/// <summary>Merge patches (RFC 7396): a field that is left out keeps its old value, null takes it away.</summary>
/// <param name="reader">What the fields were read with.</param>
/// <param name="json">The body.</param>
/// <param name="applies">False for a whole object, where a field that is left out has no value.</param>
internal readonly struct Patch(JsonObjectReader reader, JsonElement json, bool applies)
{
    /// <summary>True when the field keeps its old value.</summary>
    public bool Keeps(string name) => applies && reader.IsObject && !json.TryGetProperty(name, out _);

    /// <summary>The new value of a field.</summary>
    public T? Of<T>(string name, T? read, T? old) => Keeps(name) ? old : read;
}
