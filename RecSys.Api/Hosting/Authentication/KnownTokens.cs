using System.Collections.Concurrent;
using System.Security.Claims;

namespace RecSys.Api.Hosting.Authentication;

/// <summary>
/// Tokens that were checked in full and are still good, so that the signature, which costs more than refusing an overload, is computed once
/// per token. Forgotten when the key set was read anew. At most <see cref="MaxTokens"/>; when there are more, all are forgotten and checked
/// again.
/// </summary>
internal sealed class KnownTokens(IssuerKeys keys, TimeProvider time)
{
    public const int MaxTokens = 10_000;

    private volatile Generation current = new(keys.Version);

    /// <summary>Whose token the Authorization header holds, or null when it must be checked.</summary>
    public ClaimsPrincipal? Find(string header) =>
        CurrentGeneration().Tokens.TryGetValue(header, out var known)
            && TokenValidation.IsAlive(null, known.Expires, time.GetUtcNow().UtcDateTime) ? known.Principal : null;

    /// <summary>Remembers a token that passed every check.</summary>
    public void Add(string header, ClaimsPrincipal principal, DateTime expires)
    {
        var generation = CurrentGeneration();
        if (generation.Tokens.Count >= MaxTokens) generation = current = new Generation(keys.Version);
        generation.Tokens[header] = new Known(principal, expires);
    }

    private Generation CurrentGeneration()
    {
        var generation = current;
        return ReferenceEquals(generation.KeyVersion, keys.Version) ? generation : current = new Generation(keys.Version);
    }

    private sealed class Generation(object keyVersion)
    {
        public object KeyVersion => keyVersion;
        public ConcurrentDictionary<string, Known> Tokens { get; } = new(StringComparer.Ordinal);
    }

    private sealed record Known(ClaimsPrincipal Principal, DateTime Expires);
}
