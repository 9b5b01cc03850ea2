namespace RecSys.Api.Contracts;

/// <summary>Reply of the health routes.</summary>
/// <param name="Status"><c>ok</c>, <c>ready</c> or <c>stopping</c>.</param>
public sealed record HealthResponse(string Status);
