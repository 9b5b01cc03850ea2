using RecSys.Api.Jobs;

namespace RecSys.Api.BatchJobs;

/// <summary>The folder <c>batch</c> of the data folder: what was asked for, what is known of each job, and its result.</summary>
internal sealed class BatchFolder(string dataFolder)
    : JobFolder<BatchJob>(Path.Combine(dataFolder, "batch"), [Request, Part], [Result])
{
    private const string Request = ".request", Part = ".part", Result = ".result.jsonl";

    /// <summary>The body of the request, until the job ends.</summary>
    public string RequestOf(string id) => FileOf(id, Request);

    /// <summary>What there is of the result while the job runs.</summary>
    public string PartOf(string id) => FileOf(id, Part);

    /// <summary>The whole result of a job that is done.</summary>
    public string ResultOf(string id) => FileOf(id, Result);
}
