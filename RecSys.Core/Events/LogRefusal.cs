namespace RecSys.Core.Events;

/// <summary>Why a post was not taken into the log.</summary>
public enum LogRefusal
{
    /// <summary>Too much waits to be written: come back later (429).</summary>
    QueueFull,
    /// <summary>The store cannot be written at the moment (503).</summary>
    StoreUnavailable,
    /// <summary>The server stops (503).</summary>
    Stopping,
}
