namespace RecSys.Core.Storage.ModelStates;

/// <summary>What a store says to a wanted change.</summary>
public enum ModelChangeOutcome
{
    /// <summary>Made, and on the disk.</summary>
    Done = 0,

    /// <summary>The store does not know the version.</summary>
    Unknown = 1,

    /// <summary>The version is registered already.</summary>
    Exists = 2,

    /// <summary>Somebody else was first: version or champion are not what they were when it was decided.</summary>
    Stale = 3,

    /// <summary>The state that the version is in does not allow it.</summary>
    NotAllowed = 4,
}
