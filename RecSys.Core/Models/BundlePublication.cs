using RecSys.Core.Domain;
using RecSys.Core.Models.Signing;
using RecSys.Core.Storage;

namespace RecSys.Core.Models;

/// <summary>
/// One publication in its steps: begin, files written by the caller, seal, manifest, commit. Between any two of them the process may die;
/// see <see cref="FolderPublication"/>.
/// </summary>
internal sealed class BundlePublication : IDisposable
{
    private readonly string root;
    private readonly string version;
    private readonly FolderPublication publication;

    private BundlePublication(string root, string version)
    {
        this.root = root;
        this.version = version;
        publication = FolderPublication.Begin(root, version);
    }

    /// <summary>The temporary folder.</summary>
    public string Folder => publication.Folder;

    public static BundlePublication Begin(string modelsRoot, string version)
    {
        Directory.CreateDirectory(modelsRoot);
        RefuseExisting(BundleName.Resolve(modelsRoot, version), version);
        return new BundlePublication(modelsRoot, version);
    }

    /// <summary>Computes sizes and checksums, forces every file to the disk and checks the content.</summary>
    public async Task<BundleManifest> SealAsync(BundleManifest draft, CancellationToken cancellationToken)
    {
        var files = new SortedDictionary<string, BundleFile>(StringComparer.Ordinal);
        foreach (var entry in new DirectoryInfo(Folder).EnumerateFileSystemInfos())
        {
            if (entry is not FileInfo || entry.Name is BundleFiles.Manifest or BundleFiles.Signature)
                throw new RecSysException(
                    $"The bundle {version} contains {entry.Name}; only plain files may be written, and the manifest is added afterwards.");
            var path = BundleName.Resolve(Folder, entry.Name);
            files.Add(entry.Name, await DescribeAsync(path, cancellationToken));
            DurableFile.Flush(path);
        }
        var manifest = BundleManifest.Parse((draft with { Version = version, Files = files }).ToJson());
        await BundleVerifier.VerifyContentAsync(Folder, manifest, cancellationToken);
        return manifest;
    }

    public Task WriteManifestAsync(BundleManifest manifest, CancellationToken cancellationToken) =>
        WriteManifestAsync(manifest, BundleTrust.None, cancellationToken);

    /// <summary>Writes the signature, where there is a key to sign with, and then the manifest.</summary>
    public async Task WriteManifestAsync(BundleManifest manifest, BundleTrust trust, CancellationToken cancellationToken)
    {
        var bytes = manifest.ToJson();
        await trust.SignAsync(Folder, bytes, cancellationToken);
        await DurableFile.ReplaceAsync(Path.Combine(Folder, BundleFiles.Manifest), bytes, cancellationToken);
    }

    /// <summary>The one step that makes the bundle visible.</summary>
    public void Commit()
    {
        var target = BundleName.Resolve(root, version);
        RefuseExisting(target, version);
        try
        {
            publication.Commit(target);
        }
        catch (IOException) when (Directory.Exists(target) && Directory.Exists(Folder))
        {
            // Another publisher was faster between the check and the rename.
            RefuseExisting(target, version);
            throw;
        }
    }

    /// <inheritdoc cref="FolderPublication.Abandon"/>
    public void Abandon() => publication.Abandon();

    /// <inheritdoc cref="FolderPublication.Dispose"/>
    public void Dispose() => publication.Dispose();

    public static async Task<BundleFile> DescribeAsync(string path, CancellationToken cancellationToken)
    {
        var digest = await FileDigest.OfAsync(path, cancellationToken);
        return new BundleFile(digest.Sha256, digest.Bytes);
    }

    private static void RefuseExisting(string target, string version)
    {
        if (Path.Exists(target))
            throw new RecSysException($"The version {version} exists already in {Path.GetDirectoryName(target)}; versions never change, "
                + "so publish under a new one.");
    }
}
