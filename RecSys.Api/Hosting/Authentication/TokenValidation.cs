using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace RecSys.Api.Hosting.Authentication;

/// <summary>
/// What a bearer token has to be: pinned algorithms, known keys, our issuer and audience, alive, each claim once, and without risky
/// headers.
/// </summary>
internal static class TokenValidation
{
    /// <summary>Media type of access tokens (RFC 9068, section 2.1).</summary>
    public const string TokenType = "at+jwt";

    /// <summary>How far the issuer's clock and ours may differ.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private const int MaxTokenLength = 8192;
    private static readonly string[] RefusedHeaders = ["jku", "x5u", "x5c", "jwk", "crit"];
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    public static TokenValidationParameters Parameters(AuthenticationSettings settings, IssuerKeys keys, TimeProvider time) => new()
    {
        // A key set of an identity provider usually holds RSA keys; PEM files never do.
        ValidAlgorithms = settings.Jwks is null
            ? [SecurityAlgorithms.EcdsaSha256]
            : [SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.RsaSha256],
        ValidTypes = [TokenType],
        ValidIssuer = settings.Issuer,
        ValidAudience = settings.Audience,
        IssuerSigningKeyResolver = (_, _, kid, _) => keys.Find(kid),
        RequireExpirationTime = true,
        RequireSignedTokens = true,
        ClockSkew = ClockSkew,
        LifetimeValidator = (notBefore, expires, _, _) => IsAlive(notBefore, expires, time.GetUtcNow().UtcDateTime),
        NameClaimType = "sub",
    };

    /// <summary>
    /// True from <paramref name="notBefore"/> until <paramref name="expires"/>, either way by <see cref="ClockSkew"/>; a token without end
    /// is dead.
    /// </summary>
    public static bool IsAlive(DateTime? notBefore, DateTime? expires, DateTime now) =>
        expires is { } end && now < end + ClockSkew && (notBefore is not { } start || now >= start - ClockSkew);

    /// <summary>
    /// False for tokens whose header points to keys of the sender's choice or asks for extensions that nobody here understands, that name a
    /// header field or a claim twice, or that are no tokens at all. Checked before any cryptography.
    /// </summary>
    /// <param name="token">The token.</param>
    /// <param name="kid">Name of the key that signed it, as the token says.</param>
    public static bool IsAcceptable(ReadOnlySpan<char> token, out string? kid)
    {
        kid = null;
        if (token.Length > MaxTokenLength || token.Count('.') != 2) return false;
        var first = token.IndexOf('.');
        var second = token.LastIndexOf('.');
        try
        {
            using var header = Decode(token[..first]);
            using var claims = Decode(token[(first + 1)..second]);
            if (header.RootElement.ValueKind != JsonValueKind.Object || claims.RootElement.ValueKind != JsonValueKind.Object) return false;
            foreach (var field in header.RootElement.EnumerateObject())
            {
                if (RefusedHeaders.Contains(field.Name, StringComparer.Ordinal)) return false;
                if (!field.NameEquals("kid")) continue;
                if (!IsPlain(field.Value)) return false;
                kid = field.Value.GetString();
            }
            return claims.RootElement.TryGetProperty("sub", out var subject) && subject.ValueKind == JsonValueKind.String;
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException or ArgumentException)
        {
            return false;
        }
    }

    private static JsonDocument Decode(ReadOnlySpan<char> part) =>
        JsonDocument.Parse(new UTF8Encoding(false, true).GetString(Base64Url.DecodeFromChars(part)), Strict);

    private static bool IsPlain(JsonElement kid) =>
        kid.ValueKind == JsonValueKind.String && kid.GetString() is { Length: > 0 and <= 256 } text
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '=');
}
