namespace RecSys.Api.Contracts;

/// <summary>Reply of <c>POST /tokens</c>.</summary>
/// <param name="Token">With the scopes <c>recommend:read</c> and <c>events:write</c>, for the page.</param>
/// <param name="ExpiresAt">When it ends.</param>
public sealed record UserTokenResponse(string Token, DateTimeOffset ExpiresAt);
