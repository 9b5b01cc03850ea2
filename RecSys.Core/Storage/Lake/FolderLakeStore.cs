namespace RecSys.Core.Storage.Lake;

/// <summary>The lake in a folder: <c>log/day=2026-01-31/manifest.json</c> and the files that it names, <c>served/</c> likewise.</summary>
internal sealed class FolderLakeStore(string root) : ILakeStore
{
    public string Place => root;

    public Task<IReadOnlyList<DateOnly>> ListAsync(LakeTable table, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<DateOnly>>([.. Folders(table).Where(IsComplete).Select(each => each.Day).Order()]);
    }

    public async Task<byte[]?> ReadManifestAsync(LakeTable table, DateOnly day, CancellationToken ct = default)
    {
        var path = Path.Combine(FolderOf(table, day), LakeNames.Manifest);
        try
        {
            return await File.ReadAllBytesAsync(path, ct);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw FolderFault.Reading(path, failure);
        }
    }

    public Task<ILakePublication> BeginAsync(LakeTable table, DateOnly day, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        var target = FolderOf(table, day);
        try
        {
            Directory.CreateDirectory(Path.Combine(root, LakeNames.Of(table)));
            RemoveTorn(target);
            return Task.FromResult<ILakePublication>(new FolderLakePublication(target));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw FolderFault.Writing(root, $"The day {LakeNames.Plain(day)} of the lake was not written", failure);
        }
    }

    public async Task<string> FetchAsync(LakeTable table, DateOnly day, LakeFile file, bool anew = false, CancellationToken ct = default)
    {
        var path = Path.Combine(FolderOf(table, day), file.Name);
        await LakeFileCheck.RequireAsync(path, file, ct);
        return path;
    }

    public Task<int> CleanTornAsync(LakeTable table, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        var torn = Folders(table).Where(each => !IsComplete(each)).Count(each => RemoveTorn(each.Path));
        return Task.FromResult(torn + FolderPublication.CleanTorn(Path.Combine(root, LakeNames.Of(table))));
    }

    public void Dispose()
    {
    }

    private string FolderOf(LakeTable table, DateOnly day) => Path.Combine(root, LakeNames.Of(table), LakeNames.Of(day));

    private IEnumerable<(string Path, DateOnly Day)> Folders(LakeTable table)
    {
        var folder = Path.Combine(root, LakeNames.Of(table));
        if (!Directory.Exists(folder)) yield break;
        foreach (var path in Directory.EnumerateDirectories(folder))
        {
            if (LakeNames.TryParseDay(Path.GetFileName(path), out var day)) yield return (path, day);
        }
    }

    private static bool IsComplete((string Path, DateOnly Day) each) => File.Exists(Path.Combine(each.Path, LakeNames.Manifest));

    // A day is renamed into place complete, so that a day without a manifest was copied or deleted by halves by somebody else.
    private static bool RemoveTorn(string folder)
    {
        if (!Directory.Exists(folder) || File.Exists(Path.Combine(folder, LakeNames.Manifest))) return false;
        Directory.Delete(folder, recursive: true);
        return true;
    }
}
