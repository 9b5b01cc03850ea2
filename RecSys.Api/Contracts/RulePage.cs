namespace RecSys.Api.Contracts;

/// <summary>A page of <c>GET /rules</c>.</summary>
/// <param name="Hash">Names all rules by content, as served records do; null where there are none.</param>
/// <param name="Rules">By id.</param>
/// <param name="NextCursor">Asks for the next page; null on the last.</param>
public sealed record RulePage(string? Hash, IReadOnlyList<RuleBody> Rules, string? NextCursor);
