using System.Text.Json.Serialization;

namespace RecSys.Api.Hosting.Audit;

/// <summary>JSON of the audit file.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AuditEntry))]
internal sealed partial class AuditJson : JsonSerializerContext;
