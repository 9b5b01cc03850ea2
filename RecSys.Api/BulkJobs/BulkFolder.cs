using RecSys.Api.Jobs;

namespace RecSys.Api.BulkJobs;

/// <summary>The folder <c>bulk</c> of the data folder: what was uploaded, what is known of each job, and its rejections.</summary>
internal sealed class BulkFolder(string dataFolder) : JobFolder<BulkJob>(Path.Combine(dataFolder, "bulk"), [Rows], [Rejects])
{
    private const string Rows = ".rows", Rejects = ".rejects.jsonl";

    /// <summary>Where the rows of a job lie until it ends.</summary>
    public string RowsOf(string id) => FileOf(id, Rows);

    /// <summary>The rejected rows, as JSON lines; absent when there are none.</summary>
    public string RejectsOf(string id) => FileOf(id, Rejects);
}
