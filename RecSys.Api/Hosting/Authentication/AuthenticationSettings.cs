using System.ComponentModel.DataAnnotations;
using RecSys.Core.Domain;

namespace RecSys.Api.Hosting.Authentication;

/// <summary>How bearer tokens are checked, section <c>Authentication</c>.</summary>
internal sealed class AuthenticationSettings
{
    public const string SectionName = "Authentication";

    [Required]
    public string Issuer { get; set; } = "recsys";

    [Required]
    public string Audience { get; set; } = "recsys-api";

    /// <summary>
    /// PEM files with the ECDSA P-256 public keys of the issuer. Outside Development these or <see cref="Jwks"/> are required.
    /// </summary>
    public IList<string> PublicKeyFiles { get; } = [];

    /// <summary>
    /// The issuer's JSON Web Key Set (RFC 7517): a file, or an https address (http on the loopback only). With it RS256 is accepted beside
    /// ES256. Null or blank (default null): none.
    /// </summary>
    public string? Jwks { get; set => field = SettingText.OrNone(value); }

    /// <summary>Minutes between two readings of the key set.</summary>
    [Range(1, 1440)]
    public int JwksRefreshMinutes { get; set; } = 15;

    /// <summary>A token that names an unknown key has the set read at once, but at most every so many seconds.</summary>
    [Range(1, 3600)]
    public int JwksUnknownKeySeconds { get; set; } = 30;

    /// <summary>
    /// PEM file with an ECDSA P-256 private key, which its owner alone may read: with it <c>POST /tokens</c> signs tokens of users, and
    /// such tokens are accepted. Null or blank (default null): none are signed, but in Development with the development key.
    /// </summary>
    public string? UserTokenKeyFile { get; set => field = SettingText.OrNone(value); }

    /// <summary>Minutes for which a token of <c>POST /tokens</c> holds when the request names none.</summary>
    [Range(1, UserTokens.MostMinutes)]
    public int UserTokenMinutes { get; set; } = 15;
}
