namespace RecSys.Core.Models;

/// <summary>What a version is to the pool.</summary>
public enum PooledState
{
    /// <summary>Serves whoever is in no experiment.</summary>
    Champion = 0,

    /// <summary>In memory: it serves an arm of the traffic split, is about to, or is the champion before this one.</summary>
    Live = 1,

    /// <summary>Taken by no further request; freed with its last lease.</summary>
    Retiring = 2,

    /// <summary>Not in memory, because a check failed.</summary>
    Refused = 3,
}
