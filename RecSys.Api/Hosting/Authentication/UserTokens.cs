using Microsoft.IdentityModel.Tokens;
using RecSys.Core.Domain;

namespace RecSys.Api.Hosting.Authentication;

/// <summary>
/// Tokens of users that this server signs itself, for pages and apps that ask it directly: with the key of
/// <see cref="AuthenticationSettings.UserTokenKeyFile"/>, in Development with the development key where no file is named. Such a token is
/// good for its subject's own lists and events; one of the same key with further scopes is refused.
/// </summary>
internal sealed class UserTokens
{
    /// <summary>Longest lifetime that may be asked for.</summary>
    public const int MostMinutes = 60;

    private static readonly string[] Granted = [Scopes.RecommendRead, Scopes.EventsWrite];

    private readonly AuthenticationSettings settings;
    private readonly TimeProvider time;
    private readonly ECDsaSecurityKey? key;

    /// <exception cref="RecSysException">The key file cannot be used.</exception>
    public UserTokens(AuthenticationSettings settings, IHostEnvironment environment, TimeProvider time)
    {
        (this.settings, this.time) = (settings, time);
        if (settings.UserTokenKeyFile is { } file) Key = key = new ECDsaSecurityKey(PrivateKeyFile.Read(file));
        else if (environment.IsDevelopment()) key = new ECDsaSecurityKey(DevelopmentKey.LoadOrCreate());
    }

    /// <summary>What tokens may be signed with for users alone; null where no file is named.</summary>
    public SecurityKey? Key { get; }

    /// <summary>A token and its end; null where there is no key to sign with.</summary>
    /// <param name="subject">The user or visitor.</param>
    /// <param name="minutes">Its lifetime; null for the usual one.</param>
    public (string Token, DateTimeOffset Expires)? Issue(string subject, int? minutes)
    {
        if (key is null) return null;
        // Tokens have whole seconds.
        var now = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());
        var expires = now.AddMinutes(minutes ?? settings.UserTokenMinutes);
        return (TokenSigning.Sign(settings, key, subject, Granted, now, expires), expires);
    }

    /// <summary>True unless the token was signed with the key for users and says more than such a token may.</summary>
    public bool Allows(SecurityToken token, string? scopes) =>
        Key is null || !ReferenceEquals(token.SigningKey, Key)
        || (scopes ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).All(scope => Granted.Contains(scope, StringComparer.Ordinal));
}
