namespace RecSys.Core.Events;

/// <summary>How much the process serves beside writing, so that bulk loads leave room for it.</summary>
public interface IServedRequests
{
    /// <summary>Requests for recommendations since the start. Read often, from any thread.</summary>
    long Served { get; }
}
