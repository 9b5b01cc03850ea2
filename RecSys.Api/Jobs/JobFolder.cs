using System.Text.Json;
using System.Text.Json.Serialization;
using RecSys.Core.Storage;

namespace RecSys.Api.Jobs;

/// <summary>
/// A folder of the data folder with what is known of each job, and its files. File names are made here and come from nobody.
/// </summary>
/// <param name="folder">The folder; made when it is first needed.</param>
/// <param name="working">Endings of files that are of use until the job ends.</param>
/// <param name="kept">Endings of files that stay as long as the job is remembered.</param>
internal abstract class JobFolder<TJob>(string folder, string[] working, string[] kept)
    where TJob : Job
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    /// <summary>Bytes left on the disk.</summary>
    public long FreeBytes() => new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;

    public void Create() => Directory.CreateDirectory(folder);

    public Task SaveAsync(TJob job)
    {
        Create();
        return DurableFile.ReplaceAsync(FileOf(job.Id, ".json"), JsonSerializer.SerializeToUtf8Bytes(job, Json), CancellationToken.None);
    }

    /// <summary>What is known of earlier jobs; working files are deleted, and so is what cannot be read.</summary>
    public IReadOnlyList<TJob> Load()
    {
        if (!Directory.Exists(folder)) return [];
        // No job of an earlier process runs on: what it worked on is of no use any more.
        foreach (var file in Directory.EnumerateFiles(folder).Where(IsLeftOver)) File.Delete(file);
        return [.. Directory.EnumerateFiles(folder, "*.json").Select(Read).OfType<TJob>().OrderBy(job => job.CreatedAt)];
    }

    public void DeleteWorking(string id)
    {
        foreach (var ending in working) Delete(FileOf(id, ending));
    }

    /// <summary>Deletes everything of a job.</summary>
    public void Delete(TJob job)
    {
        Delete(FileOf(job.Id, ".json"));
        foreach (var ending in kept) Delete(FileOf(job.Id, ending));
        DeleteWorking(job.Id);
    }

    protected string FileOf(string id, string ending) => Path.Combine(folder, id + ending);

    private bool IsLeftOver(string file) =>
        working.Any(ending => file.EndsWith(ending, StringComparison.Ordinal)) || file.Contains(".tmp-", StringComparison.Ordinal);

    private static TJob? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<TJob>(File.ReadAllBytes(path), Json);
        }
        catch (JsonException)
        {
            Delete(path);
            return null;
        }
    }

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is deleted with the folder's other leftovers at the next start.
        }
    }
}
