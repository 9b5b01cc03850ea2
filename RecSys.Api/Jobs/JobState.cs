namespace RecSys.Api.Jobs;

/// <summary>How far a job is.</summary>
internal enum JobState
{
    /// <summary>What it works on is here; it waits for its turn.</summary>
    Queued,
    Running,
    /// <summary>It worked through everything; what could not be done is counted.</summary>
    Done,
    /// <summary>Somebody stopped it.</summary>
    Cancelled,
    /// <summary>It could not go on.</summary>
    Failed,
    /// <summary>The server stopped.</summary>
    Interrupted,
}
