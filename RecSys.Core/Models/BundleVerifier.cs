using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;
using RecSys.Core.Domain;

namespace RecSys.Core.Models;

/// <summary>Checks everything about a bundle that can be checked without knowing its models. Streams; never holds a file in memory as a whole.</summary>
public static class BundleVerifier
{
    private const int RowsPerRead = 1024;
    private const int MaxIdLength = 256;

    /// <summary>
    /// Every listed file is there with its size and checksum, nothing else is, embeddings fit dimension and count and hold only finite
    /// rows of non-zero length, and ids are as many and distinct.
    /// </summary>
    /// <returns>The manifest.</returns>
    /// <exception cref="RecSysException">Which file is wrong, how, and what to do.</exception>
    public static async Task<BundleManifest> VerifyAsync(string folder, CancellationToken cancellationToken = default)
    {
        var manifest = await VerifyShapeAsync(folder, cancellationToken);
        await VerifyFilesAsync(folder, manifest, cancellationToken);
        return manifest;
    }

    /// <summary>The slow part: reads every file for its checksum, and ids and embeddings for their content.</summary>
    internal static async Task VerifyFilesAsync(string folder, BundleManifest manifest, CancellationToken cancellationToken)
    {
        foreach (var (name, expected) in manifest.Files)
        {
            var actual = await BundlePublication.DescribeAsync(BundleName.Resolve(folder, name), cancellationToken);
            if (actual != expected) throw Bad(folder, name, $"has sha256 {actual.Sha256}, the manifest says {expected.Sha256}");
        }
        await VerifyContentAsync(folder, manifest, cancellationToken);
    }

    /// <summary>The quick part: manifest, names, presence and sizes, without reading the files, however large they are.</summary>
    /// <returns>The manifest.</returns>
    /// <exception cref="RecSysException">Which file is wrong, how, and what to do.</exception>
    public static async Task<BundleManifest> VerifyShapeAsync(string folder, CancellationToken cancellationToken = default)
    {
        var directory = new DirectoryInfo(folder);
        if (!directory.Exists) throw new RecSysException($"There is no bundle at {folder}. List the versions that exist with: models list.");
        if (directory.LinkTarget is not null) throw new RecSysException($"{folder} is a symbolic link, which is refused. Put the bundle itself there.");
        var manifest = await BundleManifest.ReadAsync(folder, cancellationToken);
        if (manifest.Version != directory.Name && !directory.Name.StartsWith(BundlePublication.TemporaryPrefix, StringComparison.Ordinal))
            throw Bad(folder, BundleFiles.Manifest, $"says version {manifest.Version}, the folder is named {directory.Name}");
        foreach (var required in (string[])[BundleFiles.ItemEmbeddings, BundleFiles.ItemIds])
        {
            if (!manifest.Files.ContainsKey(required)) throw Bad(folder, required, "is not listed in the manifest");
        }
        foreach (var (name, expected) in manifest.Files)
        {
            var file = new FileInfo(BundleName.Resolve(folder, name));
            if (!file.Exists) throw Bad(folder, name, "is missing");
            if (file.Length != expected.Bytes) throw Bad(folder, name, $"is {file.Length} bytes long, the manifest says {expected.Bytes}");
            RequirePossibleSize(folder, name, manifest);
        }
        foreach (var entry in directory.EnumerateFileSystemInfos())
        {
            if (entry.Name != BundleFiles.Manifest && !manifest.Files.ContainsKey(entry.Name))
                throw Bad(folder, entry.Name, "is not listed in the manifest");
        }
        return manifest;
    }

    internal static async Task VerifyContentAsync(string folder, BundleManifest manifest, CancellationToken cancellationToken)
    {
        foreach (var required in (string[])[BundleFiles.ItemEmbeddings, BundleFiles.ItemIds])
        {
            if (!manifest.Files.ContainsKey(required)) throw Bad(folder, required, "is missing");
        }
        foreach (var name in manifest.Files.Keys) RequirePossibleSize(folder, name, manifest);
        await VerifyEmbeddingsAsync(folder, manifest, cancellationToken);
        await VerifyIdsAsync(folder, manifest, cancellationToken);
    }

    private static void RequirePossibleSize(string folder, string name, BundleManifest manifest)
    {
        var (low, high) = BundleLimits.Of(name, manifest);
        var bytes = manifest.Files[name].Bytes;
        if (bytes >= low && bytes <= high) return;
        var need = low == high ? $"{low}" : $"{low} to {high}";
        throw Bad(folder, name, $"is {bytes} bytes long, {manifest.ItemCount} items × {manifest.Dimension} floats need {need}");
    }

    private static async Task VerifyEmbeddingsAsync(string folder, BundleManifest manifest, CancellationToken cancellationToken)
    {
        const string name = BundleFiles.ItemEmbeddings;
        var rowBytes = manifest.Dimension * sizeof(float);
        var buffer = new byte[rowBytes * RowsPerRead];
        await using var stream = Open(BundleName.Resolve(folder, name));
        for (long row = 0; row < manifest.ItemCount;)
        {
            var rows = (int)Math.Min(RowsPerRead, manifest.ItemCount - row);
            await stream.ReadExactlyAsync(buffer.AsMemory(0, rows * rowBytes), cancellationToken);
            for (var i = 0; i < rows; i++, row++)
            {
                var norm = TensorPrimitives.SumOfSquares(MemoryMarshal.Cast<byte, float>(buffer.AsSpan(i * rowBytes, rowBytes)));
                // A NaN or an infinity anywhere in the row makes the sum one, too.
                if (!float.IsFinite(norm)) throw Bad(folder, name, $"holds NaN, infinite or absurdly large numbers in row {row}");
                if (norm == 0) throw Bad(folder, name, $"holds only zeros in row {row}");
            }
        }
    }

    private static async Task VerifyIdsAsync(string folder, BundleManifest manifest, CancellationToken cancellationToken)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in await ReadIdsAsync(folder, manifest.Files[BundleFiles.ItemIds].Bytes, cancellationToken))
        {
            if (id.Length is 0 or > MaxIdLength || id.Any(char.IsControl))
                throw Bad(folder, BundleFiles.ItemIds, $"has no valid id in line {known.Count + 1} (1 to {MaxIdLength} characters, no control characters)");
            if (!known.Add(id)) throw Bad(folder, BundleFiles.ItemIds, $"repeats an id in line {known.Count + 1}");
        }
        if (known.Count != manifest.ItemCount)
            throw Bad(folder, BundleFiles.ItemIds, $"has {known.Count} lines, the manifest says {manifest.ItemCount} items");
    }

    /// <summary>The ids in row order.</summary>
    internal static async Task<string[]> ReadIdsAsync(string folder, long bytes, CancellationToken cancellationToken)
    {
        if (bytes == 0) return [];
        var path = BundleName.Resolve(folder, BundleFiles.ItemIds);
        string text;
        try
        {
            text = await File.ReadAllTextAsync(path, new UTF8Encoding(false, throwOnInvalidBytes: true), cancellationToken);
        }
        catch (DecoderFallbackException e)
        {
            throw new RecSysException($"{path} is not valid UTF-8. Publish the bundle again.", e);
        }
        if (text[^1] != '\n') throw Bad(folder, BundleFiles.ItemIds, "does not end with a line feed");
        return text[..^1].Split('\n');
    }

    private static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.SequentialScan | FileOptions.Asynchronous);

    internal static RecSysException Bad(string folder, string file, string what) =>
        new($"{Path.Combine(folder, file)} {what}. The bundle is refused; publish it again under a new version, or serve another.");
}
