namespace RecSys.Api.Hosting.Audit;

/// <summary>One admin call, as it stands in <c>audit.jsonl</c>.</summary>
/// <param name="Time">When it was answered, UTC.</param>
/// <param name="Actor">Pseudonym of the token's subject; null without a valid token.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Route">The route's pattern, without values.</param>
/// <param name="Target">What the call was about, by name of the route's parameter; users by pseudonym.</param>
/// <param name="Status">What it was answered with; refused attempts are entries, too.</param>
/// <param name="TraceId">As in a problem's <c>trace_id</c> and in the log.</param>
internal sealed record AuditEntry(
    DateTimeOffset Time, string? Actor, string Method, string Route, IReadOnlyDictionary<string, string> Target, int Status,
    string TraceId);
