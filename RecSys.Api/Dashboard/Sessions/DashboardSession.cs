namespace RecSys.Api.Dashboard.Sessions;

/// <summary>A browser that is signed in: the token that it stands for stays here, the browser has a random name of the session.</summary>
/// <param name="token">As it was checked at the sign-in; checked again whenever the session is used.</param>
/// <param name="csrf">What a page of ours can read and a page of somebody else's cannot.</param>
/// <param name="expires">When it ends by itself, UTC.</param>
internal sealed class DashboardSession(string token, string csrf, DateTimeOffset expires) : IDisposable
{
    private readonly CancellationTokenSource ending = new();

    public string Token => token;

    /// <summary>The token as it would stand in the Authorization header.</summary>
    public string Header { get; } = $"Bearer {token}";

    public string Csrf => csrf;

    public DateTimeOffset Expires => expires;

    /// <summary>Cancelled when the session ends before its time.</summary>
    public CancellationToken Ended => ending.Token;

    /// <summary>Ends it: its streams stop. The source itself stays usable for whoever holds the session still.</summary>
    public void End() => ending.Cancel();

    public void Dispose() => ending.Dispose();
}
