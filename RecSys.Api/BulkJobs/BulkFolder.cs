using System.Text.Json;
using System.Text.Json.Serialization;
using RecSys.Core.Storage;

namespace RecSys.Api.BulkJobs;

/// <summary>
/// The folder <c>bulk</c> of the data folder: what was uploaded, what is known of each job, and its rejects. File names are made here and
/// come from nobody.
/// </summary>
internal sealed class BulkFolder
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    private readonly string folder;

    public BulkFolder(string dataFolder) => folder = Path.Combine(dataFolder, "bulk");

    /// <summary>Where the rows of a job lie until it ends.</summary>
    public string RowsOf(string id) => Path.Combine(folder, $"{id}.rows");

    /// <summary>The rejected rows, as JSON lines; absent when there are none.</summary>
    public string RejectsOf(string id) => Path.Combine(folder, $"{id}.rejects.jsonl");

    /// <summary>Bytes left on the disk.</summary>
    public long FreeBytes() => new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;

    public void Create() => Directory.CreateDirectory(folder);

    public Task SaveAsync(BulkJob job) =>
        DurableFile.ReplaceAsync(StateOf(job.Id), JsonSerializer.SerializeToUtf8Bytes(job, Json), CancellationToken.None);

    /// <summary>What is known of earlier jobs; uploads that belong to none are deleted, and so is what cannot be read.</summary>
    public IReadOnlyList<BulkJob> Load()
    {
        if (!Directory.Exists(folder)) return [];
        // No job of an earlier process runs on: its rows are of no use any more.
        foreach (var rows in Directory.EnumerateFiles(folder)
            .Where(file => file.EndsWith(".rows", StringComparison.Ordinal) || file.Contains(".tmp-", StringComparison.Ordinal)))
            File.Delete(rows);
        return [.. Directory.EnumerateFiles(folder, "*.json").Select(Read).OfType<BulkJob>().OrderBy(job => job.CreatedAt)];
    }

    public void DeleteRows(string id) => Delete(RowsOf(id));

    public void Delete(BulkJob job)
    {
        Delete(StateOf(job.Id));
        Delete(RejectsOf(job.Id));
        Delete(RowsOf(job.Id));
    }

    private string StateOf(string id) => Path.Combine(folder, $"{id}.json");

    private static BulkJob? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<BulkJob>(File.ReadAllBytes(path), Json);
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
