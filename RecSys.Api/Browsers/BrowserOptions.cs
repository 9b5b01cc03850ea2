using System.ComponentModel.DataAnnotations;
using RecSys.Core.Domain;

namespace RecSys.Api.Browsers;

/// <summary>What pages of other sites may ask of this server, section <c>Browsers</c>. By default: nothing.</summary>
internal sealed class BrowserOptions : IValidatableObject
{
    public const string SectionName = "Browsers";

    /// <summary>
    /// Origins whose pages may read replies (CORS), such as <c>https://shop.example</c>. None: browsers keep replies from every page of
    /// another site.
    /// </summary>
    public IList<string> Origins { get; } = [];

    /// <summary>
    /// With it in place of a token, a page of <see cref="Origins"/> may report impressions, clicks and views of visitors, and do nothing
    /// else. It begins with <c>pk_</c> and is no secret. Null or blank (default null): there is none.
    /// </summary>
    public string? PublicKey { get; set => field = SettingText.OrNone(value); }

    /// <summary>Posts per second by the public key in the long run, all pages together; each address has its limits beside.</summary>
    [Range(0.01, 1_000_000)]
    public double PublicKeyPerSecond { get; set; } = 200;

    /// <summary>Posts by the public key at once after a pause.</summary>
    [Range(1, 1_000_000)]
    public int PublicKeyBurst { get; set; } = 1000;

    /// <summary>Seconds for which browsers may keep the snippet <c>/sdk/recsys.js</c> without asking again.</summary>
    [Range(0, 31_536_000)]
    public int SdkCacheSeconds { get; set; } = 3600;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Origins.Any(origin => !IsOrigin(origin)))
        {
            yield return new ValidationResult(
                "Browsers:Origins must be origins such as https://shop.example, in lower case, without a path; http is for the loopback.");
        }
        if (PublicKey is not { } key) yield break;
        if (!key.StartsWith(Browsers.PublicKey.Prefix, StringComparison.Ordinal) || key.Length is < 20 or > 128
            || !key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
        {
            yield return new ValidationResult(
                "Browsers:PublicKey must be pk_ and letters, digits, _ and -, 20 to 128 characters together.");
        }
        if (Origins.Count == 0) yield return new ValidationResult("Browsers:PublicKey needs Browsers:Origins, whose pages may use it.");
    }

    // As a browser writes it: anything else would never match.
    private static bool IsOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var address) && address.UserInfo.Length == 0
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
        && address.GetLeftPart(UriPartial.Authority) == origin;
}
