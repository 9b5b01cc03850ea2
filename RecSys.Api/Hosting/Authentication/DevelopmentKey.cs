using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using RecSys.Core.Domain;

namespace RecSys.Api.Hosting.Authentication;

/// <summary>
/// The signing key of a developer's machine: made on first use, readable by its owner alone, and accepted only in the Development
/// environment.
/// </summary>
internal static class DevelopmentKey
{
    private static string Folder => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData,
            Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } home
            ? home
            : Path.GetTempPath(),
        "recsys");

    /// <summary>Loads the key, making it when there is none. The caller owns it.</summary>
    public static ECDsa LoadOrCreate()
    {
        var path = Path.Combine(Folder, "development-key.pem");
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        try
        {
            if (!File.Exists(path)) Write(path, key.ExportPkcs8PrivateKeyPem());
            key.ImportFromPem(File.ReadAllText(path));
            return key;
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new RecSysException($"The development signing key {path} cannot be used ({exception.Message}). Delete the file; it is "
                + "made anew.", exception);
        }
    }

    /// <summary>Issues a token that the Development environment accepts.</summary>
    public static string Issue(string subject, IEnumerable<string> scopes, TimeSpan lifetime)
    {
        var settings = Settings.Authentication();
        using var key = LoadOrCreate();
        var now = TimeProvider.System.GetUtcNow();
        return TokenSigning.Sign(settings, new ECDsaSecurityKey(key), subject, scopes, now, now + lifetime);
    }

    private static void Write(string path, string pem)
    {
        Directory.CreateDirectory(Folder);
        var temporary = $"{path}.{Environment.ProcessId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(temporary, options)) writer.Write(pem);
        // Whoever comes first wins; both then read the same key.
        try
        {
            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(temporary);
        }
    }
}
