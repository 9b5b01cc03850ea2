using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RecSys.Core.Storage.Sqlite;

/// <summary>Values as JSON text; an absent list is NULL.</summary>
internal static class SqliteJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    internal static IReadOnlyList<string> ToList(string? json) => json is null ? [] : JsonSerializer.Deserialize<string[]>(json, Options)!;

    internal static string Of<T>(T value) => JsonSerializer.Serialize(value, Options);

    internal static T To<T>(string json) => JsonSerializer.Deserialize<T>(json, Options)!;
}
