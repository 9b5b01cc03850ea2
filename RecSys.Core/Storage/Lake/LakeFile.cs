using System.Text.Json.Serialization;

namespace RecSys.Core.Storage.Lake;

/// <summary>What the manifest of a day promises about one of its files.</summary>
/// <param name="Name">Such as <c>events-0000-1a2b3c4d.parquet</c>: the sort, a running number, the beginning of the checksum.</param>
/// <param name="Schema">The sort: <c>events</c>, <c>changes</c> or <c>served</c>.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Bytes">Exact size.</param>
/// <param name="Sha256">Of the content, 64 lower-case hexadecimal digits.</param>
public sealed record LakeFile(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("schema")] string Schema,
    [property: JsonPropertyName("rows")] long Rows,
    [property: JsonPropertyName("bytes")] long Bytes,
    [property: JsonPropertyName("sha256")] string Sha256);
