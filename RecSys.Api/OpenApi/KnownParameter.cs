using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using RecSys.Api.Contracts;
using RecSys.Api.Endpoints;
using RecSys.Core.Domain;
using RecSys.Core.Monitoring.Business;

namespace RecSys.Api.OpenApi;

/// <summary>
/// What a parameter may be, in the words of the OpenAPI document; the same on every route, unless the route has an entry of its own. Tests
/// hold it to what the server takes and refuses.
/// </summary>
internal sealed record KnownParameter
{
    private static readonly FrozenDictionary<string, KnownParameter> All = new Dictionary<string, KnownParameter>
    {
        ["id"] = OfId("Its id, 1 to 256 characters; a slash in it is written %2F."),
        ["user_id"] = OfId(),
        ["anonymous_id"] = OfId(),
        ["session_id"] = OfId(),
        ["location"] = OfId(),
        ["model_version"] = OfId(),
        ["q"] = OfId("What ids, or words of titles, begin with."),
        ["version"] = new() { Type = JsonSchemaType.String, Description = "A version, such as v1.0.0; GET /models lists them." },
        ["request_id"] = new() { Type = JsonSchemaType.String },
        ["day"] = new() { Type = JsonSchemaType.String, Format = "date", Description = "Day of the night, such as 2026-01-31." },
        ["number"] = new()
        {
            Type = JsonSchemaType.Integer, Format = "int64", Description = "Its number in the list of dead letters.",
        },
        [NumItems.Name] = Whole(1, NumItems.Max, NumItems.Default),
        ["limit"] = Whole(1, Paging.Max, Paging.Default, "Rows of a page, 1 to 1,000; 100 when left out."),
        ["hours"] = Whole(1, BusinessFigures.MostHours, 24),
        [FoldWait.Name] = new() { Type = JsonSchemaType.Integer, Format = "int64", Low = 0 },
        ["cursor"] = new()
        {
            Type = JsonSchemaType.String, Pattern = "^c[0-9a-f]+$",
            Description = "next_cursor of the page before; left out for the first page.",
        },
        ["validate_only"] = new()
        {
            Type = JsonSchemaType.Boolean, Default = false,
            Description = "true: everything is checked and answered as usual, and nothing is stored.",
        },
        ["device"] = Word([.. ContextCodes.DeviceNames.Split(", ")]),
        ["include"] = Words(RecommendQuery.Includes),
        ["RecommendNext include"] = Words("reasons", "propensity"),
        ["window"] = Word("1m", "5m", "1h", "24h") with { Default = "5m" },
        ["MonitoringDrift window"] = Word("1h", "24h") with { Default = "24h" },
        ["topics"] = Words("latency", "machine", "events"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Of the value.</summary>
    public required JsonSchemaType Type { get; init; }

    public string? Format { get; init; }

    /// <summary>Least number.</summary>
    public long? Low { get; init; }

    /// <summary>Greatest number.</summary>
    public long? High { get; init; }

    /// <summary>What counts when it is left out.</summary>
    public JsonNode? Default { get; init; }

    public string? Pattern { get; init; }

    public int? MaxLength { get; init; }

    /// <summary>The words that it may be; null for any.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>Null where the route describes it.</summary>
    public string? Description { get; init; }

    /// <summary>The entry of a route's parameter; null where nothing is known of it.</summary>
    public static KnownParameter? Find(string? operation, string name) =>
        All.GetValueOrDefault($"{operation} {name}") ?? All.GetValueOrDefault(name);

    /// <summary>As a schema of its own, which its caller may change.</summary>
    public OpenApiSchema Schema() => new()
    {
        Type = Type,
        Format = Format,
        Minimum = Low?.ToString(CultureInfo.InvariantCulture),
        Maximum = High?.ToString(CultureInfo.InvariantCulture),
        Default = Default?.DeepClone(),
        Pattern = Pattern,
        MinLength = MaxLength is null ? null : 1,
        MaxLength = MaxLength,
        Enum = Choices?.Select(choice => (JsonNode)choice).ToList(),
    };

    private static KnownParameter OfId(string? description = null) => new()
    {
        Type = JsonSchemaType.String, MaxLength = Identifiers.MaxLength, Description = description,
    };

    private static KnownParameter Whole(int low, int high, int missing, string? description = null) => new()
    {
        Type = JsonSchemaType.Integer, Format = "int32", Low = low, High = high, Default = missing, Description = description,
    };

    private static KnownParameter Word(params string[] choices) => new() { Type = JsonSchemaType.String, Choices = choices };

    // Several of them, separated by commas.
    private static KnownParameter Words(params string[] choices)
    {
        var one = $"({string.Join('|', choices)})";
        return new KnownParameter { Type = JsonSchemaType.String, Pattern = $"^{one}(,{one})*$" };
    }
}
