using System.Text.Json;
using RecSys.Api.Endpoints;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Domain;
using RecSys.Core.Expressions;

namespace RecSys.Api.Contracts.Reading;

/// <summary>The fields that every body that asks for a list has: who asks, where, and with what in mind.</summary>
internal static class AskerFields
{
    private const int MostContext = 32;

    private static readonly string[] devices = ContextCodes.DeviceNames.Split(", ");

    /// <summary>Who gets the list: exactly one of <see cref="RecommendQuery.Subjects"/>.</summary>
    public static string? Subject(this JsonObjectReader reader)
    {
        var named = RecommendQuery.Subjects.Select(reader.KnownId).ToArray();
        var sent = RecommendQuery.Subjects.Count(name => reader.HasAny(name));
        if (sent != 1 && reader.IsObject)
        {
            reader.Add(sent == 0 ? "missing" : "invalid", "user_id", sent == 0 ? RecommendQuery.NoSubject : RecommendQuery.TwoSubjects);
        }
        return named.FirstOrDefault(id => id is not null);
    }

    /// <summary>An id that may be known already; see <see cref="Identifiers.Fault"/>.</summary>
    public static string? KnownId(this JsonObjectReader reader, string name)
    {
        if (reader.Text(name) is not { } text) return null;
        if (Identifiers.Fault(text) is not { } fault) return text;
        reader.Add("invalid", name, fault);
        return null;
    }

    /// <summary>The field <c>device</c>.</summary>
    public static string? Device(this JsonObjectReader reader) => reader.Word("device", devices);

    /// <summary>The field <c>min_position</c>.</summary>
    public static long? Position(this JsonObjectReader reader)
    {
        var value = reader.Raw(FoldWait.Name);
        if (value.ValueKind == JsonValueKind.Undefined) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var position) && position >= 0) return position;
        reader.Add("wrong_type", FoldWait.Name, "must be a whole number, 0 or more");
        return null;
    }

    /// <summary>The field <c>context</c>: names with typed values; empty when it is missing.</summary>
    public static Dictionary<string, AttributeValue> Context(this JsonObjectReader reader)
    {
        var fields = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);
        var json = reader.Raw("context");
        if (json.ValueKind == JsonValueKind.Undefined) return fields;
        if (json.ValueKind != JsonValueKind.Object)
        {
            reader.Add("wrong_type", "context", "must be an object");
            return fields;
        }
        foreach (var property in json.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Null) continue;
            if (AttributeReading.Value(property.Value) is { } value) fields[property.Name] = value;
            else reader.Add("wrong_type", $"context/{JsonPath.Escape(property.Name)}", $"must be {AttributeValueConverter.Allowed}");
        }
        if (fields.Count > MostContext) reader.Add("invalid", "context", $"must not have more than {MostContext} entries");
        return fields;
    }

    /// <summary>Reports the fault of an expression, if it has one, and gives the expression.</summary>
    public static T? Checked<T>(this JsonObjectReader reader, string name, T? expression, ExpressionFault? fault)
        where T : class
    {
        if (fault is not null) reader.Add("invalid", name, fault.ToString());
        return expression;
    }
}
