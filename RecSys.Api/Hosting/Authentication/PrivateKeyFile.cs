using System.Security.Cryptography;
using RecSys.Core.Domain;

namespace RecSys.Api.Hosting.Authentication;

/// <summary>Reads the PEM file of <c>Authentication:UserTokenKeyFile</c>.</summary>
internal static class PrivateKeyFile
{
    /// <returns>The key; the caller owns it.</returns>
    /// <exception cref="RecSysException">The file is unreadable, others may read it, or it holds no ECDSA P-256 private key.</exception>
    public static ECDsa Read(string file)
    {
        var key = ECDsa.Create();
        try
        {
            if (!OperatingSystem.IsWindows()
                && (File.GetUnixFileMode(file) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != 0)
            {
                throw Refused(file, $"others than its owner may read it. Run chmod 600 {file}", null);
            }
            key.ImportFromPem(File.ReadAllText(file));
            var parameters = key.ExportParameters(includePrivateParameters: true);
            CryptographicOperations.ZeroMemory(parameters.D);
            return parameters.Curve.Oid.Value == PublicKeyFile.P256
                ? key : throw Refused(file, "its key is not on the curve P-256", null);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw Refused(file, $"it is no readable PEM file with an ECDSA P-256 private key ({exception.Message}). Make one: openssl "
                + $"ecparam -name prime256v1 -genkey -noout -out {file}", exception);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    private static RecSysException Refused(string file, string why, Exception? inner)
    {
        var message = $"Authentication:UserTokenKeyFile names {file}, which is refused: {why}.";
        return inner is null ? new RecSysException(message) : new RecSysException(message, inner);
    }
}
