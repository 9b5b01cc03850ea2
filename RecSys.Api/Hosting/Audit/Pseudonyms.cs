using System.Security.Cryptography;
using System.Text;
using RecSys.Core.Domain;

namespace RecSys.Api.Hosting.Audit;

/// <summary>
/// Names for users in logs: the same user has the same name, and only who holds the key of the data folder can find out which. Destroying
/// the key makes old logs anonymous.
/// </summary>
internal sealed class Pseudonyms
{
    private const string FileName = "pseudonym.key";
    private const int KeyBytes = 32;

    private readonly Lazy<byte[]> key;

    /// <param name="dataFolder">Where the key is kept; made on first use, readable by its owner alone.</param>
    public Pseudonyms(string dataFolder) =>
        key = new Lazy<byte[]>(() => LoadOrCreate(Path.Combine(dataFolder, FileName)), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>Reads or makes the key now, so that a disk that is full later fails no request.</summary>
    /// <exception cref="RecSysException">The key cannot be read or made.</exception>
    public void Require() => _ = key.Value;

    /// <summary>First 64 bits of HMAC-SHA-256, in hexadecimal.</summary>
    /// <exception cref="RecSysException">The key cannot be read or made.</exception>
    public string Of(string id) => $"u-{Convert.ToHexStringLower(HMACSHA256.HashData(key.Value, Encoding.UTF8.GetBytes(id)).AsSpan(0, 8))}";

    private static byte[] LoadOrCreate(string path)
    {
        try
        {
            if (!File.Exists(path)) Create(path);
            var bytes = File.ReadAllBytes(path);
            return bytes.Length == KeyBytes
                ? bytes : throw new RecSysException(
                $"{path} does not hold {KeyBytes} bytes. Delete it; it is made anew, and users get new pseudonyms.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RecSysException($"The key {path} of the pseudonyms cannot be used: {exception.Message}", exception);
        }
    }

    private static void Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using (var file = new FileStream(temporary, options)) file.Write(RandomNumberGenerator.GetBytes(KeyBytes));
            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Somebody else was first; that key holds.
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
