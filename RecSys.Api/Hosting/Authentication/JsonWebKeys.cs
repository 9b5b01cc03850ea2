using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using RecSys.Core.Domain;

namespace RecSys.Api.Hosting.Authentication;

/// <summary>
/// Reads a JSON Web Key Set (RFC 7517). Taken are signing keys that this program can use: ECDSA P-256 and RSA of at least 2,048 bits.
/// Others are left out, as sets carry keys for other purposes; a private key anywhere refuses the whole set, which then is no set to
/// publish.
/// </summary>
internal static class JsonWebKeys
{
    private const int MaxKeys = 64;
    private const int MinRsaBytes = 256;
    private const int MaxRsaBytes = 1024;

    /// <exception cref="RecSysException">It is no key set, holds a private or a secret key, too many keys, or none that can be
    /// used.</exception>
    public static IReadOnlyList<SecurityKey> Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 });
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("keys", out var listed)
                || listed.ValueKind != JsonValueKind.Array)
                throw new RecSysException("it has no list \"keys\"");
            if (listed.GetArrayLength() > MaxKeys) throw new RecSysException($"it has more than {MaxKeys} keys");
            var keys = new List<SecurityKey>();
            foreach (var entry in listed.EnumerateArray())
            {
                if (Read(entry) is { } key) keys.Add(key);
            }
            return keys.Count > 0
                ? keys : throw new RecSysException(
                "it has no signing key of a kind that is accepted: ECDSA P-256 for ES256, RSA of 2048 bits and more for RS256");
        }
        catch (Exception exception)
            when (exception is JsonException or FormatException or CryptographicException or InvalidOperationException)
        {
            throw new RecSysException($"it is no sound key set ({exception.Message})", exception);
        }
    }

    private static SecurityKey? Read(JsonElement entry)
    {
        if (entry.TryGetProperty("d", out _) || Text(entry, "kty") == "oct")
            throw new RecSysException("it holds a private or secret key; publish public keys only");
        if (Text(entry, "use") is { } use && use != "sig") return null;
        SecurityKey? key = Text(entry, "kty") switch
        {
            "EC" when Text(entry, "crv") == "P-256" && (Text(entry, "alg") is null or SecurityAlgorithms.EcdsaSha256) => Elliptic(entry),
            "RSA" when Text(entry, "alg") is null or SecurityAlgorithms.RsaSha256 => Rsa(entry),
            _ => null,
        };
        if (key is not null) key.KeyId = Text(entry, "kid");
        return key;
    }

    private static ECDsaSecurityKey Elliptic(JsonElement entry) => new(ECDsa.Create(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = Bytes(entry, "x"), Y = Bytes(entry, "y") },
    }));

    private static RsaSecurityKey? Rsa(JsonElement entry)
    {
        var modulus = Bytes(entry, "n");
        return modulus.Length is < MinRsaBytes or > MaxRsaBytes
            ? null : new RsaSecurityKey(new RSAParameters { Modulus = modulus, Exponent = Bytes(entry, "e") });
    }

    private static byte[] Bytes(JsonElement entry, string name) =>
        Base64Url.DecodeFromChars(Text(entry, name) ?? throw new RecSysException($"a key lacks \"{name}\""));

    private static string? Text(JsonElement entry, string name) => entry.TryGetProperty(name, out var value) ? value.GetString() : null;
}
