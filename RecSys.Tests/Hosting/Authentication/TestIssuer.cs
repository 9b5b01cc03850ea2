using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace RecSys.Tests.Hosting.Authentication;

/// <summary>Signs tokens by hand, so that the tests do not depend on what a token library is willing to make.</summary>
internal static class TestIssuer
{
    public static string Token(Func<byte[], byte[]> sign, object header, string claims)
    {
        var content = $"{Encode(JsonSerializer.SerializeToUtf8Bytes(header))}.{Encode(Encoding.UTF8.GetBytes(claims))}";
        return $"{content}.{Encode(sign(Encoding.UTF8.GetBytes(content)))}";
    }

    public static string Claims(string more = "")
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        return $$"""{"iss":"recsys","aud":"recsys-api","sub":"alice","scope":"recommend:read","iat":{{now}},"exp":{{now + 600}}{{more}}}""";
    }

    public static string Es256(ECDsa key, string? kid) =>
        Token(data => key.SignData(data, HashAlgorithmName.SHA256), Header("ES256", kid), Claims());

    public static string Rs256(RSA key, string? kid) =>
        Token(data => key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), Header("RS256", kid), Claims());

    public static object Header(string algorithm, string? kid) =>
        kid is null ? new { alg = algorithm, typ = "at+jwt" } : new { alg = algorithm, typ = "at+jwt", kid };

    public static string Set(params object[] keys) => JsonSerializer.Serialize(new { keys });

    public static object Jwk(ECDsa key, string kid)
    {
        var point = key.ExportParameters(false).Q;
        return new { kty = "EC", crv = "P-256", use = "sig", kid, x = Encode(point.X!), y = Encode(point.Y!) };
    }

    public static object Jwk(RSA key, string kid)
    {
        var parameters = key.ExportParameters(false);
        return new { kty = "RSA", use = "sig", alg = "RS256", kid, n = Encode(parameters.Modulus!), e = Encode(parameters.Exponent!) };
    }

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
