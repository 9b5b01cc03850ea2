using RecSys.Api.Jobs;

namespace RecSys.Api.BatchJobs;

/// <summary>Lists for many users on their way into a file.</summary>
/// <param name="Id">Made by the server.</param>
/// <param name="CreatedAt">When the request was here.</param>
/// <param name="UsersTotal">Users that it is for; null for all, who are counted as they come.</param>
internal sealed record BatchJob(string Id, DateTimeOffset CreatedAt, int? UsersTotal) : Job(Id, CreatedAt)
{
    /// <summary>Users worked through.</summary>
    public int Users { get; init; }

    /// <summary>Of them, those that got a list.</summary>
    public int Lists { get; init; }

    /// <summary>Of them, those whose line says why they got none.</summary>
    public int Failed { get; init; }

    /// <summary>Of them, those that are erased and have no line.</summary>
    public int LeftOut { get; init; }

    /// <summary>Size of the result so far.</summary>
    public long Bytes { get; init; }
}
