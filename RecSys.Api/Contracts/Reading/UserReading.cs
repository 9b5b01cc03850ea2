using System.Text.Json;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Api.Contracts.Reading;

/// <summary>A user's profile in a body: the whole of it, or what changes (a merge patch as in RFC 7396, where null removes).</summary>
internal static class UserReading
{
    private const int MaxAttributes = 64;

    /// <summary>Reads a profile; the parameters are those of <see cref="ItemReading.Read"/>.</summary>
    public static User? Read(string? id, JsonElement json, string pointer, User? old, out IReadOnlyList<FieldFault> faults)
    {
        var reader = new JsonObjectReader(json, pointer);
        var named = reader.Id("id", required: id is null);
        if (id is not null && named is not null && named != id) reader.Add("invalid", "id", "must be that of the address, or be left out");
        var patch = new Patch(reader, json, old is not null);
        var user = new User
        {
            Id = id ?? named ?? "",
            Gender = patch.Of("gender", reader.Text("gender"), old?.Gender),
            Age = patch.Of("age", reader.Whole("age", 0, 200), old?.Age),
            Location = patch.Of("location", reader.Text("location"), old?.Location),
            CreatedAt = patch.Of("created_at", reader.Time("created_at"), old?.CreatedAt),
        };
        var attributes = reader.Raw("attributes");
        user = user with { Attributes = patch.Keeps("attributes") ? old!.Attributes : Attributes(reader, attributes, old?.Attributes) };
        reader.Finish();
        if (reader.Faults.Count == 0 && RecordRules.FindProblem(user) is { } problem) reader.AddRule(problem);
        faults = reader.Faults;
        return faults.Count == 0 ? user : null;
    }

    private static Dictionary<string, string> Attributes(
        JsonObjectReader reader, JsonElement json, IReadOnlyDictionary<string, string>? old)
    {
        var attributes = old is null
            ? new Dictionary<string, string>(StringComparer.Ordinal) : new Dictionary<string, string>(old, StringComparer.Ordinal);
        if (json.ValueKind is JsonValueKind.Undefined) return [];
        if (json.ValueKind != JsonValueKind.Object)
        {
            reader.Add("wrong_type", "attributes", "must be an object");
            return attributes;
        }
        foreach (var property in json.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Null) attributes.Remove(property.Name);
            else if (property.Value.ValueKind is JsonValueKind.String) attributes[property.Name] = property.Value.GetString()!;
            else if (property.Value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
                attributes[property.Name] = property.Value.GetRawText();
            else reader.Add("wrong_type", $"attributes/{JsonPath.Escape(property.Name)}", "must be a string, a number, true or false");
        }
        if (attributes.Count > MaxAttributes) reader.Add("invalid", "attributes", $"must not have more than {MaxAttributes} entries");
        return attributes;
    }
}
