using System.Security.Cryptography;
using RecSys.Core.Domain;

namespace RecSys.Core.Models.Signing;

/// <summary>
/// A key for signatures of bundles: a shared secret (HMAC with SHA-256, RFC 2104), or a key pair on the curve P-256 (ECDSA with SHA-256,
/// FIPS 186-5), of which servers need the public half only. The key itself never leaves this object.
/// </summary>
internal sealed class SigningKey
{
    public const string Hmac = "hmac-sha256";
    public const string Ecdsa = "ecdsa-p256-sha256";

    /// <summary>Fewest bytes of a shared secret: as many as the hash has.</summary>
    public const int SecretBytes = 32;

    private readonly byte[]? secret;
    private readonly ECParameters pair;

    private SigningKey(byte[] secret)
    {
        this.secret = secret;
        (Algorithm, CanSign) = (Hmac, true);
        Id = ShortHash(HMACSHA256.HashData(secret, "recsys model signing key"u8));
    }

    private SigningKey(ECDsa key, bool canSign)
    {
        pair = key.ExportParameters(includePrivateParameters: canSign);
        (Algorithm, CanSign) = (Ecdsa, canSign);
        Id = ShortHash(key.ExportSubjectPublicKeyInfo());
    }

    /// <summary>Name of the algorithm, as it stands in signatures.</summary>
    public string Algorithm { get; }

    /// <summary>16 hexadecimal digits that tell keys apart and say nothing of a secret; the halves of a pair have the same.</summary>
    public string Id { get; }

    /// <summary>False for a public key.</summary>
    public bool CanSign { get; }

    /// <summary>Reads a key: PEM (private or public, P-256), or at least 32 bytes in Base64.</summary>
    /// <param name="text">The key.</param>
    /// <param name="source">Where it stands, for messages, which never show the key.</param>
    /// <exception cref="RecSysException">It is neither.</exception>
    public static SigningKey Read(string text, string source)
    {
        if (text.Contains("-----BEGIN", StringComparison.Ordinal)) return ReadPem(text, source);
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text.Trim(), bytes, out var length) || length < SecretBytes)
            throw new RecSysException(
                $"{source} holds no key: neither PEM of a key on the curve P-256 nor at least {SecretBytes} bytes in Base64. Make one "
                    + "with: openssl rand -base64 32");
        return new SigningKey(bytes[..length]);
    }

    /// <exception cref="InvalidOperationException">This is a public key.</exception>
    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        if (!CanSign) throw new InvalidOperationException("A public key signs nothing.");
        if (secret is not null) return HMACSHA256.HashData(secret, data);
        using var key = ECDsa.Create(pair);
        return key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    /// <summary>Takes the same time wherever a signature of the right length differs.</summary>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (secret is not null) return CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(secret, data), signature);
        using var key = ECDsa.Create(pair);
        return key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private static SigningKey ReadPem(string text, string source)
    {
        using var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(text);
            if (key.ExportParameters(includePrivateParameters: false).Curve.Oid.FriendlyName is "nistP256" or "ECDSA_P256")
                return new SigningKey(key, canSign: text.Contains("PRIVATE KEY-----", StringComparison.Ordinal));
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            // Told below; what the exception says may quote the text.
        }
        throw new RecSysException($"{source} holds no key on the curve P-256 that can be used. Make one with: openssl ecparam -name "
            + "prime256v1 -genkey -noout (servers need only its public half: openssl ec -pubout).");
    }

    private static string ShortHash(ReadOnlySpan<byte> data) => Convert.ToHexStringLower(SHA256.HashData(data).AsSpan(0, 8));
}
