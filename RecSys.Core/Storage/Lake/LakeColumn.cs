using System.Text.Json.Serialization;

namespace RecSys.Core.Storage.Lake;

/// <summary>A column of the lake's files.</summary>
/// <param name="Name">Snake case.</param>
/// <param name="Type">As DuckDB writes it, such as <c>BIGINT</c> or <c>FLOAT[]</c>.</param>
public sealed record LakeColumn([property: JsonPropertyName("name")] string Name, [property: JsonPropertyName("type")] string Type)
{
    /// <summary>The format that it came with; days of an earlier one are read as if it were null everywhere.</summary>
    [JsonIgnore]
    public int Since { get; init; } = 1;
}
