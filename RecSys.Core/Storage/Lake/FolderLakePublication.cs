namespace RecSys.Core.Storage.Lake;

/// <summary>Publishes a day by renaming a complete folder.</summary>
/// <param name="target">Where the day will lie.</param>
internal sealed class FolderLakePublication(string target) : ILakePublication
{
    private readonly FolderPublication publication =
        FolderPublication.Begin(Path.GetDirectoryName(target)!, Path.GetFileName(target));

    public string Folder => publication.Folder;

    public async Task<bool> CommitAsync(LakeManifest manifest, CancellationToken ct = default)
    {
        var outcome = $"The day {LakeNames.Plain(manifest.Day)} of the lake was not written";
        try
        {
            await DurableFile.ReplaceAsync(Path.Combine(Folder, LakeNames.Manifest), manifest.ToJson(), ct);
            publication.Commit(target);
            return true;
        }
        catch (IOException) when (File.Exists(Path.Combine(target, LakeNames.Manifest)))
        {
            // Another process was faster, and the first one stays.
            return false;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw FolderFault.Writing(target, outcome, failure);
        }
    }

    public void Dispose()
    {
        publication.Abandon();
        publication.Dispose();
    }
}
