using System.Text.RegularExpressions;

namespace RecSys.Core.Storage;

/// <summary>
/// Brings a folder into another one in one step: it is filled under a temporary name and renamed when it is complete, so that it is there
/// whole or not at all. A lock file beside the temporary folder tells a running publisher from a dead one: the operating system releases
/// the lock with the process.
/// </summary>
internal sealed partial class FolderPublication : IDisposable
{
    internal const string TemporaryPrefix = ".tmp-";
    private const string LockSuffix = ".lock";

    private readonly string root;
    private readonly FileStream lockFile;

    private FolderPublication(string root, string folder, FileStream lockFile)
    {
        this.root = root;
        this.lockFile = lockFile;
        Folder = folder;
    }

    /// <summary>The temporary folder.</summary>
    internal string Folder { get; }

    /// <param name="root">Created when missing.</param>
    /// <param name="name">Name of the folder once it is published: lower-case letters, digits and <c>._=-</c>.</param>
    internal static FolderPublication Begin(string root, string name)
    {
        Directory.CreateDirectory(root);
        var folder = Path.Combine(Path.GetFullPath(root), $"{TemporaryPrefix}{name}-{Guid.NewGuid().ToString("N")[..12]}");
        // The lock comes first: at no moment is there an unlocked folder that somebody still writes.
        var lockFile = new FileStream(folder + LockSuffix, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        var publication = new FolderPublication(root, folder, lockFile);
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

    /// <summary>The one step that makes the folder visible. Its files must be on the disk.</summary>
    /// <exception cref="IOException">The target exists, or the folder cannot be renamed.</exception>
    internal void Commit(string target)
    {
        DurableFile.FlushFolder(Folder);
        Directory.Move(Folder, target);
        DurableFile.FlushFolder(root);
    }

    /// <summary>Removes the temporary folder, if it is still there and can be removed; otherwise the next publication does.</summary>
    internal void Abandon()
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
    /// Takes a published folder away in one step, by renaming it to a temporary one, and deletes that. What a process that is killed
    /// meanwhile leaves behind, <see cref="CleanTorn"/> removes.
    /// </summary>
    internal static void Remove(string published)
    {
        var (root, name) = (Path.GetDirectoryName(Path.GetFullPath(published))!, Path.GetFileName(published));
        var folder = Path.Combine(root, $"{TemporaryPrefix}{name}-{Guid.NewGuid().ToString("N")[..12]}");
        Directory.Move(published, folder);
        DurableFile.FlushFolder(root);
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>
    /// Removes the temporary folders whose publisher is gone; those of running publishers, in any process of this machine, stay.
    /// </summary>
    /// <returns>How many were removed.</returns>
    internal static int CleanTorn(string root) => Directory.Exists(root) ? FindTemporary(root).Count(TryClean) : 0;

    // Also those of which only the lock file is there. What other programs put there under similar names is not ours.
    private static IReadOnlyList<string> FindTemporary(string root)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(root, TemporaryPrefix + "*")
                .Select(path => path.EndsWith(LockSuffix, StringComparison.Ordinal) ? path[..^LockSuffix.Length] : path)
                .Where(path => OwnName().IsMatch(Path.GetFileName(path)))
                .Distinct(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static bool TryClean(string folder)
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

    [GeneratedRegex(@"^\.tmp-[a-z0-9][a-z0-9._=-]{0,63}-[0-9a-f]{12}\z", RegexOptions.CultureInvariant)]
    private static partial Regex OwnName();
}
