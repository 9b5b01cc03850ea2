namespace RecSys.Core.Storage;

/// <summary>Whether a change was taken into the log.</summary>
public enum AppendOutcome
{
    /// <summary>It is in the log.</summary>
    Accepted,
    /// <summary>An event with this id is in the log already, or the same content is stored; nothing changed.</summary>
    Duplicate,
    /// <summary>
    /// The event's item is unknown: kept beside the log until the item comes, at most for the days and the number that the store allows.
    /// </summary>
    Parked,
    /// <summary>The event is older than ids are remembered, so that a repetition could not be told; nothing changed.</summary>
    TooOld,
    /// <summary>The user was erased; nothing changed.</summary>
    Erased,
    /// <summary>The item, user or rule that should be changed does not exist; nothing changed.</summary>
    Unknown,
    /// <summary>There is no room: the parking place is full, or there are as many rules as may be; nothing changed.</summary>
    Full,
    /// <summary>The store could not take it although it keeps the rules; it is among the dead letters.</summary>
    Rejected,
}
