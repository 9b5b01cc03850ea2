namespace RecSys.Core.Storage.Lake.Bucket;

/// <summary>Publishes a day by storing its files, each checked, and then its manifest.</summary>
/// <param name="objects">The bucket.</param>
/// <param name="local">Gathers the files; removed with this.</param>
/// <param name="prefix">Of the day's keys.</param>
internal sealed class BucketLakePublication(S3Objects objects, FolderPublication local, string prefix) : ILakePublication
{
    public string Folder => local.Folder;

    public async Task<bool> CommitAsync(LakeManifest manifest, CancellationToken ct = default)
    {
        foreach (var file in manifest.Files)
        {
            await using var content = File.OpenRead(Path.Combine(Folder, file.Name));
            await objects.WriteAsync($"{prefix}{file.Name}", content, onlyNew: false, ct);
        }
        using var json = new MemoryStream(manifest.ToJson());
        // Where another machine was faster, its day stays; the files of this one are named by nobody.
        if (await objects.WriteAsync($"{prefix}{LakeNames.Manifest}", json, onlyNew: true, ct)) return true;
        // An answer that was lost on the way makes a try look like another's: the time in the manifest tells them apart.
        return await objects.ReadAsync($"{prefix}{LakeNames.Manifest}", ct) is { } there && there.AsSpan().SequenceEqual(json.ToArray());
    }

    public void Dispose()
    {
        local.Abandon();
        local.Dispose();
    }
}
