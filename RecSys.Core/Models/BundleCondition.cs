namespace RecSys.Core.Models;

/// <summary>What the folder of a version holds.</summary>
public enum BundleCondition
{
    /// <summary>Complete by manifest, names and sizes. Checksums and content are checked when it is loaded.</summary>
    Valid = 0,

    /// <summary>Never finished, or damaged since: the manifest or a file is missing or has another size.</summary>
    Torn = 1,

    /// <summary>Nothing: it is not published yet, was deleted to make room, or is gone.</summary>
    Absent = 2,
}
