using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace RecSys.Api.Dashboard.Sessions;

/// <summary>
/// The browsers that are signed in, in memory: a restart signs everybody out. At most <see cref="DashboardOptions.MaxSessions"/>; one more
/// ends the oldest. Thread-safe.
/// </summary>
internal sealed class DashboardSessions(DashboardOptions options, TimeProvider time)
{
    private const int SecretBytes = 32;

    private readonly Lock gate = new();

    // By the hash of the name, so that how long a search takes says nothing of the name. In the order of their beginning.
    private readonly OrderedDictionary<string, DashboardSession> sessions = new(StringComparer.Ordinal);

    /// <summary>Sessions that are alive.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                Sweep();
                return sessions.Count;
            }
        }
    }

    /// <summary>Begins a session.</summary>
    /// <param name="token">A token that was just checked.</param>
    /// <param name="tokenExpires">When the token ends.</param>
    /// <returns>The name that the browser gets, 256 random bits, and the session.</returns>
    public (string Name, DashboardSession Session) Begin(string token, DateTimeOffset tokenExpires)
    {
        var latest = time.GetUtcNow() + TimeSpan.FromHours(options.SessionHours);
        var (name, session) = (Secret(), new DashboardSession(token, Secret(), tokenExpires < latest ? tokenExpires : latest));
        lock (gate)
        {
            Sweep();
            while (sessions.Count >= options.MaxSessions) EndAt(0);
            sessions.Add(KeyOf(name), session);
        }
        return (name, session);
    }

    /// <summary>The session of that name, or null when there is none or it is over.</summary>
    public DashboardSession? Find(string name)
    {
        lock (gate) return sessions.TryGetValue(KeyOf(name), out var session) && session.Expires > time.GetUtcNow() ? session : null;
    }

    /// <summary>Ends the session of that name, if there is one.</summary>
    public void End(string name)
    {
        lock (gate)
        {
            if (sessions.IndexOf(KeyOf(name)) is >= 0 and var at) EndAt(at);
        }
    }

    private static string Secret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    private static string KeyOf(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    private void Sweep()
    {
        var now = time.GetUtcNow();
        for (var at = sessions.Count - 1; at >= 0; at--)
        {
            if (sessions.GetAt(at).Value.Expires <= now) EndAt(at);
        }
    }

    private void EndAt(int at)
    {
        sessions.GetAt(at).Value.End();
        sessions.RemoveAt(at);
    }
}
