using RecSys.Core.Domain;
using RecSys.Core.Storage.Sqlite;

namespace RecSys.Core.Storage.Backup;

/// <summary>Copies a data folder while it is in use, and puts a copy back.</summary>
/// <param name="clock">Names and dates what is made.</param>
public sealed class DataFolderBackup(TimeProvider clock)
{
    private const string ModelsFolder = "models";

    /// <summary>
    /// Copies databases and models of a folder that may be in use: each database as it is at one moment, without holding its writers up.
    /// Everything is written beside the target, forced to the disk and renamed last, so that what stands there is complete.
    /// </summary>
    /// <param name="dataFolder">What to copy.</param>
    /// <param name="target">A folder that does not exist yet.</param>
    /// <param name="progress">Told which file is copied.</param>
    /// <param name="ct">Stops between files and removes what was copied.</param>
    /// <exception cref="RecSysException">There is no data, the target exists or cannot be written, or a copy is damaged.</exception>
    public async Task<BackupManifest> CreateAsync(string dataFolder, string target, IProgress<WorkProgress>? progress = null,
        CancellationToken ct = default)
    {
        if (Path.Exists(target)) throw new RecSysException($"{target} exists already. Choose another folder for the backup.");
        return await Explained(target, async () =>
        {
            var created = clock.GetUtcNow();
            var partial = Fresh($"{Path.GetFullPath(target)}.partial");
            try
            {
                var (epoch, position) = SqliteBackup.Copy(dataFolder, partial);
                CopyModels(Path.Combine(dataFolder, ModelsFolder), Path.Combine(partial, ModelsFolder), ct);
                CopyMeaning(dataFolder, partial);
                var files = await DescribeAsync(partial, progress, ct);
                var manifest = new BackupManifest(BackupManifest.Newest, created, epoch, position, files);
                await File.WriteAllTextAsync(Path.Combine(partial, BackupManifest.FileName), manifest.ToJson(), ct);
                FlushAll(partial);
                Directory.Move(partial, target);
                DurableFile.FlushFolder(Path.GetDirectoryName(Path.GetFullPath(target).TrimEnd(Path.DirectorySeparatorChar))!);
                return manifest;
            }
            catch
            {
                Directory.Delete(partial, recursive: true);
                throw;
            }
        });
    }

    /// <summary>Checks sizes and checksums of a backup, and the pages of its databases.</summary>
    /// <exception cref="RecSysException">Something is missing or damaged; the message names it.</exception>
    public static async Task<BackupManifest> VerifyAsync(string backup, CancellationToken ct = default)
    {
        var manifest = await BackupManifest.ReadAsync(backup, ct);
        await CheckAsync(backup, manifest, ct);
        SqliteBackup.Check(backup);
        return manifest;
    }

    /// <summary>
    /// Puts a backup in the place of a data folder. What was there is kept beside it under the name that is returned. The log starts a new
    /// epoch, so that what others folded from entries behind the backup is refused; users who were erased since the backup are erased
    /// again.
    /// </summary>
    /// <param name="backup">A folder made by <see cref="CreateAsync"/>; it is only read.</param>
    /// <param name="dataFolder">No server may use it.</param>
    /// <param name="ct">Stops before anything is put in place.</param>
    /// <returns>Where the former content is kept, or null when there was none.</returns>
    /// <exception cref="RecSysException">A server uses the folder, or the backup is damaged; the data folder is as before.</exception>
    public async Task<string?> RestoreAsync(string backup, string dataFolder, CancellationToken ct = default)
    {
        if (DataFolderLock.FindHolder(dataFolder) is { } holder)
            throw new RecSysException($"The data folder {dataFolder} is in use by a server ({holder}). Stop it first.");
        var manifest = await VerifyAsync(backup, ct);
        var folder = Path.GetFullPath(dataFolder).TrimEnd(Path.DirectorySeparatorChar);
        return await Explained(folder, async () =>
        {
            var restoring = Fresh($"{folder}.restoring");
            try
            {
                foreach (var file in manifest.Files)
                {
                    ct.ThrowIfCancellationRequested();
                    var copy = Path.Combine(restoring, file.Path);
                    Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                    File.Copy(Path.Combine(backup, file.Path), copy);
                }
                await CheckAsync(restoring, manifest, ct);
                await ContinueAsync(restoring, SqliteBackup.ErasedIn(folder), ct);
                FlushAll(restoring);
            }
            catch
            {
                Directory.Delete(restoring, recursive: true);
                throw;
            }
            string? kept = null;
            if (Directory.Exists(folder))
            {
                kept = $"{folder}.before-restore-{clock.GetUtcNow():yyyyMMdd-HHmmss}";
                Directory.Move(folder, kept);
            }
            try
            {
                Directory.Move(restoring, folder);
            }
            catch when (kept is not null)
            {
                Directory.Move(kept, folder);
                throw;
            }
            DurableFile.FlushFolder(Path.GetDirectoryName(folder)!);
            return kept;
        });
    }

    private async Task ContinueAsync(string folder, IReadOnlyList<string> erased, CancellationToken ct)
    {
        await using var database = SqliteDatabase.Open(folder, clock);
        await database.StartEpochAsync(ct);
        foreach (var user in erased) await database.EventLog.AppendAsync([new UserErasure(user)], ct);
        await database.FinishErasuresAsync(ct);
    }

    private static string Fresh(string folder)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        return folder;
    }

    // A copy that a power failure could still take away would be believed and the original deleted.
    private static void FlushAll(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)) DurableFile.Flush(path);
        foreach (var path in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories)) DurableFile.FlushFolder(path);
        DurableFile.FlushFolder(folder);
    }

    // Published versions never change; folders whose names begin with a dot are still being written.
    private static void CopyModels(string from, string to, CancellationToken ct)
    {
        if (!Directory.Exists(from)) return;
        foreach (var path in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            ct.ThrowIfCancellationRequested();
            var relative = Path.GetRelativePath(from, path);
            if (relative.Split(Path.DirectorySeparatorChar).Any(part => part.StartsWith('.'))) continue;
            var copy = Path.Combine(to, relative);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }
    }

    // What says what events mean, written by people and by imports: without it they would mean another thing after a restore.
    private static void CopyMeaning(string from, string to)
    {
        var imports = Path.Combine(from, "imports");
        string[] found = [Path.Combine(from, "import.json"), .. Directory.Exists(imports) ? Directory.GetFiles(imports, "*.json") : []];
        foreach (var path in found.Where(File.Exists))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }
    }

    private static async Task<List<BackupFile>> DescribeAsync(string folder, IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        var paths = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        var files = new List<BackupFile>();
        foreach (var path in paths)
        {
            var digest = await FileDigest.OfAsync(path, ct);
            files.Add(new BackupFile(Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/'), digest.Bytes,
                digest.Sha256));
            progress?.Report(new WorkProgress("check files", files.Count, paths.Count, "files"));
        }
        return files;
    }

    private static async Task CheckAsync(string folder, BackupManifest manifest, CancellationToken ct)
    {
        foreach (var file in manifest.Files)
        {
            var path = Path.Combine(folder, file.Path);
            if (Path.GetRelativePath(folder, Path.GetFullPath(path)).StartsWith("..", StringComparison.Ordinal))
                throw new RecSysException($"The backup {folder} names a file outside its folder. Choose another backup.");
            if (!File.Exists(path)) throw new RecSysException($"The backup is not complete: {path} is missing. Choose another backup.");
            if (new FileInfo(path).Length != file.Size || (await FileDigest.OfAsync(path, ct)).Sha256 != file.Sha256)
                throw new RecSysException($"The backup is damaged: {path} is not what was written. Choose another backup.");
        }
    }

    private static async Task<T> Explained<T>(string folder, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RecSysException($"{folder} cannot be written: {failure.Message}", failure);
        }
    }
}
