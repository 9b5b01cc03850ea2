namespace RecSys.Core.Models;

/// <summary>What can be done with a version.</summary>
public enum ModelVersionState
{
    /// <summary>Complete by manifest, names and sizes. Checksums and content are checked when it is loaded.</summary>
    Valid = 0,

    /// <summary>Never finished, or damaged since: the manifest or a file is missing or has another size.</summary>
    Torn = 1,
}
