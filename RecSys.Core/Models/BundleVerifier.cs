using RecSys.Core.Domain;
using RecSys.Core.Models.Signing;
using RecSys.Core.Storage;

namespace RecSys.Core.Models;

/// <summary>Checks everything about a bundle that can be checked without knowing its models. Streams the large files.</summary>
public static class BundleVerifier
{
    /// <summary>
    /// Every listed file is there with its size and checksum, nothing else is, embeddings fit dimension and count and hold only
    /// rows of length one, and ids are as many and distinct.
    /// </summary>
    /// <returns>The manifest.</returns>
    /// <exception cref="RecSysException">Which file is wrong, how, and what to do.</exception>
    public static Task<BundleManifest> VerifyAsync(string folder, CancellationToken cancellationToken = default) =>
        VerifyAsync(folder, BundleTrust.None, cancellationToken);

    /// <inheritdoc cref="VerifyAsync(string, CancellationToken)"/>
    /// <param name="folder">Of the bundle.</param>
    /// <param name="trust">Looks at the signature.</param>
    /// <param name="cancellationToken">Stops within a file.</param>
    public static async Task<BundleManifest> VerifyAsync(string folder, BundleTrust trust, CancellationToken cancellationToken = default)
    {
        var manifest = await VerifyShapeAsync(folder, trust, cancellationToken);
        await ReadAsync(folder, manifest, keepEmbeddings: false, cancellationToken);
        return manifest;
    }

    /// <summary>The slow part: checksums and contents, each file read once, the embeddings beside all others.</summary>
    /// <param name="folder">Of the bundle.</param>
    /// <param name="manifest">From <see cref="VerifyShapeAsync(string, CancellationToken)"/>.</param>
    /// <param name="keepEmbeddings">True: hand over a copy of the embeddings, which one array can hold.</param>
    /// <param name="cancellationToken">Stops within a file.</param>
    /// <exception cref="RecSysException">Which file is wrong, how, and what to do.</exception>
    internal static async Task<VerifiedFiles> ReadAsync(string folder, BundleManifest manifest, bool keepEmbeddings,
        CancellationToken cancellationToken)
    {
        var embeddings = keepEmbeddings ? GC.AllocateUninitializedArray<float>(checked(manifest.ItemCount * manifest.Dimension)) : null;
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var checking = Task.Run(() => CheckEmbeddings(folder, manifest, embeddings, failed.Token), cancellationToken);
        try
        {
            foreach (var (name, expected) in manifest.Files)
            {
                if (name == BundleFiles.ItemEmbeddings) continue;
                var actual = await BundlePublication.DescribeAsync(BundleName.Resolve(folder, name), cancellationToken);
                RequireSame(folder, name, expected, actual.Sha256);
            }
            var ids = await ReadIdsAsync(folder, manifest, cancellationToken);
            await checking;
            return new VerifiedFiles(ids, embeddings);
        }
        finally
        {
            // Nothing goes on reading files of a bundle that has been given up.
            await failed.CancelAsync();
            await checking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The quick part: manifest, names, presence and sizes, without reading the files, however large they are.</summary>
    /// <returns>The manifest.</returns>
    /// <exception cref="RecSysException">Which file is wrong, how, and what to do.</exception>
    public static Task<BundleManifest> VerifyShapeAsync(string folder, CancellationToken cancellationToken = default) =>
        VerifyShapeAsync(folder, BundleTrust.None, cancellationToken);

    /// <inheritdoc cref="VerifyShapeAsync(string, CancellationToken)"/>
    /// <param name="folder">Of the bundle.</param>
    /// <param name="trust">Looks at the signature, over the very bytes that are read as the manifest.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async Task<BundleManifest> VerifyShapeAsync(
        string folder, BundleTrust trust, CancellationToken cancellationToken = default)
    {
        var directory = new DirectoryInfo(folder);
        if (!directory.Exists)
            throw new RecSysException($"There is no bundle at {folder}. List the versions that exist with: models list.");
        if (directory.LinkTarget is not null)
            throw new RecSysException($"{folder} is a symbolic link, which is refused. Put the bundle itself there.");
        var bytes = await BundleManifest.ReadBytesAsync(folder, cancellationToken);
        trust.Require(folder, bytes);
        var manifest = BundleManifest.Parse(bytes);
        if (manifest.Version != directory.Name && !directory.Name.StartsWith(FolderPublication.TemporaryPrefix, StringComparison.Ordinal))
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
            if (entry.Name is not (BundleFiles.Manifest or BundleFiles.Signature) && !manifest.Files.ContainsKey(entry.Name))
                throw Bad(folder, entry.Name, "is not listed in the manifest");
        }
        return manifest;
    }

    /// <summary>Checks what a publisher has written and described; the checksums are those it has just computed.</summary>
    internal static async Task VerifyContentAsync(string folder, BundleManifest manifest, CancellationToken cancellationToken)
    {
        foreach (var required in (string[])[BundleFiles.ItemEmbeddings, BundleFiles.ItemIds])
        {
            if (!manifest.Files.ContainsKey(required)) throw Bad(folder, required, "is missing");
        }
        foreach (var name in manifest.Files.Keys) RequirePossibleSize(folder, name, manifest);
        await Task.Run(() => CheckEmbeddings(folder, manifest, null, cancellationToken), cancellationToken);
        await ReadIdsAsync(folder, manifest, cancellationToken);
    }

    // Before anything is hashed: what cannot fit need not be read.
    private static void RequirePossibleSize(string folder, string name, BundleManifest manifest)
    {
        var (low, high) = BundleLimits.Of(name, manifest);
        var bytes = manifest.Files[name].Bytes;
        if (bytes >= low && bytes <= high) return;
        var need = low == high ? $"{low}" : $"{low} to {high}";
        throw Bad(folder, name, $"is {bytes} bytes long, {manifest.ItemCount} items × {manifest.Dimension} floats need {need}");
    }

    private static void CheckEmbeddings(string folder, BundleManifest manifest, float[]? copy, CancellationToken cancellationToken)
    {
        const string name = BundleFiles.ItemEmbeddings;
        var (sha256, fault) =
            EmbeddingsReading.Read(BundleName.Resolve(folder, name), manifest.ItemCount, manifest.Dimension, copy, cancellationToken);
        RequireSame(folder, name, manifest.Files[name], sha256);
        if (fault is not null) throw Bad(folder, name, fault);
    }

    private static void RequireSame(string folder, string name, BundleFile expected, string sha256)
    {
        if (sha256 != expected.Sha256) throw Bad(folder, name, $"has sha256 {sha256}, the manifest says {expected.Sha256}");
    }

    private static async Task<ItemIdList> ReadIdsAsync(string folder, BundleManifest manifest, CancellationToken cancellationToken)
    {
        try
        {
            return ItemIdList.Parse(await File.ReadAllBytesAsync(BundleName.Resolve(folder, BundleFiles.ItemIds), cancellationToken),
                manifest.ItemCount);
        }
        catch (FormatException e)
        {
            throw Bad(folder, BundleFiles.ItemIds, e.Message);
        }
    }

    internal static RecSysException Bad(string folder, string file, string what) =>
        new($"{Path.Combine(folder, file)} {what}. The bundle is refused; publish it again under a new version, or serve another.");
}
