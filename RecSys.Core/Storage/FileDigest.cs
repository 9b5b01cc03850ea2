using System.Security.Cryptography;

namespace RecSys.Core.Storage;

/// <summary>Size and checksum of a file's content.</summary>
/// <param name="Sha256">64 lower-case hexadecimal digits.</param>
/// <param name="Bytes">Exact size.</param>
internal readonly record struct FileDigest(string Sha256, long Bytes)
{
    /// <summary>Reads the file once.</summary>
    internal static async Task<FileDigest> OfAsync(string path, CancellationToken ct)
    {
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20,
            FileOptions.SequentialScan | FileOptions.Asynchronous);
        var hash = await SHA256.HashDataAsync(stream, ct);
        return new FileDigest(Convert.ToHexStringLower(hash), stream.Position);
    }
}
