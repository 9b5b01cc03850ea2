namespace RecSys.Core.Models;

/// <summary>Why a version was not loaded, which decides when it is worth another look.</summary>
public enum RefusalCause
{
    /// <summary>Something is wrong with its files: again when they change.</summary>
    Unsound = 0,

    /// <summary>It does not fit into memory: again at the next look, there may be room by then.</summary>
    Memory = 1,

    /// <summary>Too many of its items are unknown here: again when files or catalogue change.</summary>
    Coverage = 2,
}
