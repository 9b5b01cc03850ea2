using System.ComponentModel.DataAnnotations;

namespace RecSys.Api.Hosting.Authentication;

/// <summary>How bearer tokens are checked, section <c>Authentication</c>.</summary>
internal sealed class AuthenticationSettings
{
    public const string SectionName = "Authentication";

    [Required]
    public string Issuer { get; set; } = "recsys";

    [Required]
    public string Audience { get; set; } = "recsys-api";

    /// <summary>PEM files with the ECDSA P-256 public keys of the issuer. Required outside Development.</summary>
    public IList<string> PublicKeyFiles { get; } = [];
}
