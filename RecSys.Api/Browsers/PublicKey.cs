using System.Security.Claims;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Limits;

namespace RecSys.Api.Browsers;

/// <summary>
/// The key that pages carry openly: who has it is nobody in particular. It stands for a token on <c>POST /events</c> alone, from pages of
/// the allowed origins, for what <see cref="PublicEvents"/> allows, at a rate that all pages share.
/// </summary>
internal sealed class PublicKey(BrowserOptions options, TimeProvider time)
{
    /// <summary>How a key begins, so that it is not taken for a token.</summary>
    public const string Prefix = "pk_";

    private const string Scheme = "PublicKey";

    private readonly RateBudget budget = new();
    private readonly long cost = Math.Max(1, (long)(time.TimestampFrequency / options.PublicKeyPerSecond));

    /// <summary>True for a request that carries the key.</summary>
    public static bool IsHeldBy(ClaimsPrincipal user) => user.Identity?.AuthenticationType == Scheme;

    /// <summary>True for what is no token but a key, of this server or another.</summary>
    public static bool IsLike(ReadOnlySpan<char> token) => token.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Who asks with this key; null where it is not the key, or the route not one for it.</summary>
    public ClaimsPrincipal? Find(HttpContext http, ReadOnlySpan<char> token) =>
        options.PublicKey is { } key && token.SequenceEqual(key) && http.GetEndpoint()?.Metadata.GetMetadata<TakesPublicKey>() is not null
            ? new ClaimsPrincipal(new ClaimsIdentity([new Claim("scope", Scopes.EventsWrite)], Scheme))
            : null;

    /// <summary>True when the page that asks, by what its browser says, is of an allowed origin.</summary>
    public bool Allows(string? origin) => origin is not null && options.Origins.Contains(origin, StringComparer.Ordinal);

    /// <summary>Takes one post of what all pages share.</summary>
    /// <returns>Null, or how long to wait.</returns>
    public TimeSpan? Take()
    {
        var wait = budget.Take(time.GetTimestamp(), cost, options.PublicKeyBurst);
        return wait == 0 ? null : TimeSpan.FromSeconds((double)wait / time.TimestampFrequency);
    }
}

/// <summary>Says of a route that the public key may stand in place of a token.</summary>
internal sealed record TakesPublicKey;
