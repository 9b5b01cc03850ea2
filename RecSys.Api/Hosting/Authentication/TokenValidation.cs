using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace RecSys.Api.Hosting.Authentication;

/// <summary>What a bearer token has to be: one algorithm, known keys, our issuer and audience, alive, and without risky headers.</summary>
internal static class TokenValidation
{
    /// <summary>Media type of access tokens (RFC 9068, section 2.1).</summary>
    public const string TokenType = "at+jwt";

    private const int MaxTokenLength = 8192;
    private static readonly string[] RefusedHeaders = ["jku", "x5u", "x5c", "jwk", "crit"];

    public static TokenValidationParameters Parameters(AuthenticationSettings settings, IEnumerable<SecurityKey> keys) => new()
    {
        ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
        ValidTypes = [TokenType],
        ValidIssuer = settings.Issuer,
        ValidAudience = settings.Audience,
        IssuerSigningKeys = keys,
        RequireExpirationTime = true,
        RequireSignedTokens = true,
        ClockSkew = TimeSpan.FromSeconds(30),
        NameClaimType = "sub",
    };

    /// <summary>
    /// False for tokens whose header points to keys of the sender's choice, asks for extensions that nobody here understands, or is no header at all.
    /// Checked before any cryptography.
    /// </summary>
    public static bool HeaderIsAcceptable(ReadOnlySpan<char> token)
    {
        var dot = token.IndexOf('.');
        if (token.Length > MaxTokenLength || dot <= 0) return false;
        try
        {
            using var header = JsonDocument.Parse(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token[..dot])));
            if (header.RootElement.ValueKind != JsonValueKind.Object) return false;
            foreach (var field in header.RootElement.EnumerateObject())
            {
                if (RefusedHeaders.Contains(field.Name, StringComparer.Ordinal)) return false;
                if (field.NameEquals("kid") && !IsPlain(field.Value)) return false;
            }
            return true;
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool IsPlain(JsonElement kid) =>
        kid.ValueKind == JsonValueKind.String && kid.GetString()!.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '=');
}
