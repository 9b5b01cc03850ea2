using System.Buffers.Text;
using System.Security.Cryptography;
using RecSys.Api.Hosting.Authentication;

namespace RecSys.Api.Dashboard.Sessions;

/// <summary>
/// Codes of links that sign a developer in, each once and within an hour; given out and taken in the Development environment only. At most
/// eight wait to be used; one more takes the place of the oldest. Thread-safe.
/// </summary>
internal sealed class SignInCodes(TimeProvider time)
{
    /// <summary>Who a link signs in.</summary>
    public const string Subject = "developer";

    private const int MostWaiting = 8;
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromHours(24);

    private readonly Lock gate = new();
    private readonly List<(string Code, DateTimeOffset Expires)> waiting = [];

    /// <summary>A new code.</summary>
    public string Give()
    {
        var code = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));
        lock (gate)
        {
            if (waiting.Count == MostWaiting) waiting.RemoveAt(0);
            waiting.Add((code, time.GetUtcNow() + Lifetime));
        }
        return code;
    }

    /// <summary>The address that signs in whoever opens it first. The code stands where browsers keep it to themselves.</summary>
    /// <param name="address">The server's.</param>
    public string Link(string address) => $"{address.TrimEnd('/')}/dashboard#code={Give()}";

    /// <summary>Takes a code.</summary>
    /// <returns>A token with every right and its end, or null for a code that is wrong, old or used.</returns>
    public (string Token, DateTimeOffset Expires)? Take(string code)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            waiting.RemoveAll(entry => entry.Expires <= now);
            if (waiting.RemoveAll(entry => entry.Code == code) == 0) return null;
        }
        return (DevelopmentKey.Issue(Subject, Scopes.All, TokenLifetime), TimeProvider.System.GetUtcNow() + TokenLifetime);
    }
}
