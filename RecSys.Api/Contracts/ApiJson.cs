using System.Text.Json.Serialization;

namespace RecSys.Api.Contracts;

/// <summary>Source-generated JSON of every body that the API reads or writes: snake_case names, strict reading.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    AllowDuplicateProperties = false,
    MaxDepth = 64)]
[JsonSerializable(typeof(RecommendResponse))]
[JsonSerializable(typeof(ItemListResponse))]
[JsonSerializable(typeof(HealthResponse))]
internal sealed partial class ApiJson : JsonSerializerContext;
