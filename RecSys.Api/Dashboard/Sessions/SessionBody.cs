namespace RecSys.Api.Dashboard.Sessions;

/// <summary>Reply of <c>GET /dashboard/session</c>: who is signed in, and what pages there are.</summary>
/// <param name="SignedIn">False: the other fields but <paramref name="Development"/> are null.</param>
/// <param name="Development">True where the link that the server printed signs in.</param>
/// <param name="Subject">Of the token.</param>
/// <param name="ExpiresAt">When the session ends by itself.</param>
/// <param name="Csrf">What a change has to send back in <c>X-CSRF-Token</c>.</param>
/// <param name="Routes">What a session may call here, as <c>GET /models</c>.</param>
/// <param name="ImageHosts">Origins that pictures may be loaded from.</param>
public sealed record SessionBody(
    bool SignedIn, bool Development, string? Subject = null, DateTimeOffset? ExpiresAt = null, string? Csrf = null,
    IReadOnlyList<string>? Routes = null, IReadOnlyList<string>? ImageHosts = null);
