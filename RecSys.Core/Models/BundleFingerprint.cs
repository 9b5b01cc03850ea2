using System.Security.Cryptography;
using System.Text;

namespace RecSys.Core.Models;

/// <summary>
/// What can be seen of a bundle without reading it: names, sizes, times and rights of its files, and its manifest. Changes when somebody
/// repairs it.
/// </summary>
internal static class BundleFingerprint
{
    public static string Of(string folder)
    {
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
            {
                var line = $"{entry.Name}\0{(entry as FileInfo)?.Length}\0{entry.LastWriteTimeUtc.Ticks}\0"
                    + $"{(int)entry.UnixFileMode}\0{entry.LinkTarget}\n";
                hash.AppendData(Encoding.UTF8.GetBytes(line));
            }
            var manifest = new FileInfo(Path.Combine(folder, BundleFiles.Manifest));
            if (manifest is { Exists: true, LinkTarget: null, Length: <= BundleManifest.MaxBytes })
                hash.AppendData(File.ReadAllBytes(manifest.FullName));
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.GetType().Name;
        }
    }
}
