using System.Text.Json.Serialization;

namespace RecSys.Api.Contracts;

/// <summary>Reply of the health routes.</summary>
/// <param name="Status"><c>ok</c>, <c>ready</c> or <c>stopping</c>.</param>
/// <param name="ServedAsOf">The moment that lists refer to, where that is more than a day from now; left out otherwise.</param>
/// <param name="Note">Why, and what can be done.</param>
public sealed record HealthResponse(
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? ServedAsOf = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Note = null);
