namespace RecSys.Core.Pipeline;

/// <summary>What a failed or late stage means for the request. Cancellation by the caller always ends the request.</summary>
public enum FailurePolicy
{
    /// <summary>The request goes on without the stage and its reply is marked degraded.</summary>
    FailOpen,
    /// <summary>The request cannot be answered by this pipeline; the next fallback level takes over.</summary>
    FailRequest,
}
