using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using RecSys.Core.Domain;

namespace RecSys.Api.Hosting.Authentication;

/// <summary>Reads PEM files of <c>Authentication:PublicKeyFiles</c>.</summary>
internal static class PublicKeyFile
{
    /// <summary>Object identifier of the curve P-256.</summary>
    public const string P256 = "1.2.840.10045.3.1.7";

    /// <exception cref="RecSysException">The file is unreadable, holds a private key, or a key that is not ECDSA P-256.</exception>
    public static ECDsaSecurityKey Read(string file)
    {
        var key = ECDsa.Create();
        try
        {
            var pem = File.ReadAllText(file);
            if (pem.Contains("PRIVATE KEY", StringComparison.Ordinal))
                throw Refused(file, "it holds a private key, which has no business on a server that only checks tokens. Export the "
                    + "public key: openssl ec -in FILE -pubout", null);
            key.ImportFromPem(pem);
            var curve = key.ExportParameters(includePrivateParameters: false).Curve.Oid;
            if (curve.Value != P256)
                throw Refused(file, $"its key is on the curve {curve.FriendlyName ?? curve.Value}, and only P-256 (ES256) is accepted. "
                    + "Let the issuer sign with a P-256 key", null);
            return new ECDsaSecurityKey(key);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw Refused(file, $"it is no readable PEM file with an ECDSA P-256 public key ({exception.Message})", exception);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    private static RecSysException Refused(string file, string why, Exception? inner)
    {
        var message = $"Authentication:PublicKeyFiles names {file}, which is refused: {why}.";
        return inner is null ? new RecSysException(message) : new RecSysException(message, inner);
    }
}
