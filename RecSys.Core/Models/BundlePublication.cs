using System.Security.Cryptography;
using System.Text.RegularExpressions;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Models;

/// <summary>
/// One publication in its steps: begin, files written by the caller, seal, manifest, commit. Between any two of them the process may die.
/// A lock file beside the temporary folder tells a running publisher from a dead one: the operating system releases the lock with the
/// process.
/// </summary>
internal sealed partial class BundlePublication : IDisposable
{
    public const string TemporaryPrefix = ".tmp-";
    private const string LockSuffix = ".lock";

    private readonly string root;
    private readonly string version;
    private readonly FileStream lockFile;

    private BundlePublication(string root, string version, string folder, FileStream lockFile)
    {
        this.root = root;
        this.version = version;
        this.lockFile = lockFile;
        Folder = folder;
    }

    /// <summary>The temporary folder.</summary>
    public string Folder { get; }

    public static BundlePublication Begin(string modelsRoot, string version)
    {
        Directory.CreateDirectory(modelsRoot);
        RefuseExisting(BundleName.Resolve(modelsRoot, version), version);
        var folder = Path.Combine(Path.GetFullPath(modelsRoot), $"{TemporaryPrefix}{version}-{Guid.NewGuid().ToString("N")[..12]}");
        // The lock comes first: at no moment is there an unlocked folder that somebody still writes.
        var lockFile = new FileStream(folder + LockSuffix, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        var publication = new BundlePublication(modelsRoot, version, folder, lockFile);
        try
        {
            Directory.CreateDirectory(folder);
            return publication;
        }
        catch
        {
            publication.Dispose();
            throw;
        }
    }

    /// <summary>Computes sizes and checksums, forces every file to the disk and checks the content.</summary>
    public async Task<BundleManifest> SealAsync(BundleManifest draft, CancellationToken cancellationToken)
    {
        var files = new SortedDictionary<string, BundleFile>(StringComparer.Ordinal);
        foreach (var entry in new DirectoryInfo(Folder).EnumerateFileSystemInfos())
        {
            if (entry is not FileInfo || entry.Name == BundleFiles.Manifest)
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

    public async Task WriteManifestAsync(BundleManifest manifest, CancellationToken cancellationToken)
    {
        await DurableFile.ReplaceAsync(Path.Combine(Folder, BundleFiles.Manifest), manifest.ToJson(), cancellationToken);
        DurableFile.FlushFolder(Folder);
    }

    /// <summary>The one step that makes the bundle visible.</summary>
    public void Commit()
    {
        var target = BundleName.Resolve(root, version);
        RefuseExisting(target, version);
        try
        {
            Directory.Move(Folder, target);
        }
        catch (IOException) when (Directory.Exists(target))
        {
            // Another publisher was faster between the check and the rename.
            RefuseExisting(target, version);
            throw;
        }
        DurableFile.FlushFolder(root);
    }

    /// <summary>Removes the temporary folder, if it is still there and can be removed; otherwise the next publication does.</summary>
    public void Abandon()
    {
        try
        {
            if (Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whoever calls this has a failure to tell that matters more.
        }
    }

    /// <summary>
    /// Releases and removes the lock; the temporary folder stays when neither <see cref="Commit"/> nor <see cref="Abandon"/> was called.
    /// </summary>
    public void Dispose()
    {
        try
        {
            File.Delete(Folder + LockSuffix);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The lock goes with the file's handle; the name is removed by the next publication.
        }
        lockFile.Dispose();
    }

    /// <summary>
    /// Removes a temporary folder, and its lock file, unless a publisher holds the lock or the folder is not ours to remove.
    /// </summary>
    /// <returns>True when there was a folder and it has been removed.</returns>
    public static bool TryClean(string folder)
    {
        try
        {
            using var free = new FileStream(folder + LockSuffix, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            try
            {
                var torn = Directory.Exists(folder);
                if (torn) Directory.Delete(folder, recursive: true);
                return torn;
            }
            finally
            {
                // Only under the lock: a publisher that is about to make its folder must not lose its lock file.
                File.Delete(folder + LockSuffix);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>
    /// The temporary folders that publications made in a models folder, also those of which only the lock file is there. What other
    /// programs put there under similar names is not ours.
    /// </summary>
    public static IReadOnlyList<string> FindTemporary(string modelsRoot)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(modelsRoot, TemporaryPrefix + "*")
                .Select(path => path.EndsWith(LockSuffix, StringComparison.Ordinal) ? path[..^LockSuffix.Length] : path)
                .Where(path => OwnName().IsMatch(Path.GetFileName(path)))
                .Distinct(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public static async Task<BundleFile> DescribeAsync(string path, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20,
            FileOptions.SequentialScan | FileOptions.Asynchronous);
        var hash = await SHA256.HashDataAsync(stream, cancellationToken);
        return new BundleFile(Convert.ToHexStringLower(hash), stream.Position);
    }

    private static void RefuseExisting(string target, string version)
    {
        if (Path.Exists(target))
            throw new RecSysException($"The version {version} exists already in {Path.GetDirectoryName(target)}; versions never change, "
                + "so publish under a new one.");
    }

    [GeneratedRegex(@"^\.tmp-[a-z0-9][a-z0-9._-]{0,63}-[0-9a-f]{12}\z", RegexOptions.CultureInvariant)]
    private static partial Regex OwnName();
}
