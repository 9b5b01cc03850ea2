namespace RecSys.Api.Hosting.Requests;

/// <summary>The query parameters that a route knows.</summary>
internal sealed record AcceptedQuery(string[] Names);
