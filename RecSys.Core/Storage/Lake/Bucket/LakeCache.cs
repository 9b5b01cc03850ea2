namespace RecSys.Core.Storage.Lake.Bucket;

/// <summary>Downloaded files of a lake in a folder of limited size. What is in it is checked before it is used.</summary>
/// <param name="folder">Made when missing.</param>
/// <param name="mostBytes">Beyond it the files that were not read for the longest time go, but none of the last two minutes: somebody may
/// be about to open it.</param>
/// <param name="clock">Tells how long ago.</param>
internal sealed class LakeCache(string folder, long mostBytes, TimeProvider clock)
{
    private const string Part = ".part-";
    private static readonly TimeSpan InUse = TimeSpan.FromMinutes(2);

    internal string PathOf(LakeTable table, DateOnly day, LakeFile file) =>
        Path.Combine(folder, LakeNames.Of(table), LakeNames.Of(day), file.Name);

    /// <summary>A folder for files on their way to the bucket.</summary>
    internal FolderPublication Begin(string name) => FolderPublication.Begin(folder, name);

    /// <summary>Says that a file is in use.</summary>
    internal void Touch(string path) => File.SetLastAccessTimeUtc(path, clock.GetUtcNow().UtcDateTime);

    /// <summary>Puts a file in its place once it is complete.</summary>
    /// <param name="path">Where.</param>
    /// <param name="fill">Writes the file under another name, or throws.</param>
    /// <returns>The path.</returns>
    internal async Task<string> AddAsync(string path, Func<string, Task> fill)
    {
        var part = $"{path}{Part}{Guid.NewGuid():N}";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await fill(part);
            File.Move(part, path, overwrite: true);
            Touch(path);
            Shrink(path);
            return path;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw FolderFault.Writing(folder, "A day of the lake was not downloaded", failure);
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>Removes what was on its way when a process died.</summary>
    internal void Clean()
    {
        FolderPublication.CleanTorn(folder);
        foreach (var part in Files().Where(file => file.Name.Contains(Part, StringComparison.Ordinal) && IsOld(file))) part.Delete();
    }

    private void Shrink(string keep)
    {
        var files = Files().Where(file => file.Extension == ".parquet").OrderBy(file => file.LastAccessTimeUtc).ToList();
        var bytes = files.Sum(file => file.Length);
        var unused = clock.GetUtcNow().UtcDateTime - InUse;
        foreach (var file in files.Where(file => file.FullName != keep))
        {
            if (bytes <= mostBytes || file.LastAccessTimeUtc > unused) return;
            bytes -= file.Length;
            // Whoever reads it has it open, and loses nothing.
            file.Delete();
        }
    }

    private IEnumerable<FileInfo> Files() =>
        Directory.Exists(folder) ? new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories) : [];

    private bool IsOld(FileInfo file) => file.LastWriteTimeUtc < clock.GetUtcNow().UtcDateTime.AddDays(-1);
}
