namespace RecSys.Api.Dashboard.Sessions;

/// <summary>
/// The cookie that names a session. No script reads it, no other site sends it, and outside Development no connection without TLS carries
/// it.
/// </summary>
internal sealed class SessionCookie(IHostEnvironment environment)
{
    private readonly bool secure = !environment.IsDevelopment();

    // The prefix makes browsers refuse it without Secure, with another path, or for a whole domain.
    private string Name => secure ? "__Host-recsys" : "recsys-session";

    /// <summary>The session that the request names; null for none.</summary>
    public string? Read(HttpRequest request) => request.Cookies[Name];

    public void Write(HttpResponse response, string name, DateTimeOffset expires) => response.Cookies.Append(Name, name, Terms(expires));

    public void Delete(HttpResponse response) => response.Cookies.Delete(Name, Terms(null));

    private CookieOptions Terms(DateTimeOffset? expires) => new()
    {
        HttpOnly = true,
        IsEssential = true,
        SameSite = SameSiteMode.Strict,
        Secure = secure,
        Path = "/",
        Expires = expires,
    };
}
