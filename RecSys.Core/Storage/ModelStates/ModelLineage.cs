namespace RecSys.Core.Storage.ModelStates;

/// <summary>Where a version comes from.</summary>
public sealed record ModelLineage
{
    /// <summary>The champion when it was trained; null for the first.</summary>
    public string? Parent { get; init; }

    /// <summary>Time of the first event that it was fitted on; null when unknown.</summary>
    public DateTimeOffset? WindowFrom { get; init; }

    /// <summary>Time of the last one.</summary>
    public DateTimeOffset? WindowTo { get; init; }

    /// <summary>How many events.</summary>
    public long? WindowEvents { get; init; }

    /// <summary>Commit of the code that trained it; null when unknown.</summary>
    public string? CodeCommit { get; init; }

    /// <summary>SHA-256 of its manifest, 64 lower-case hexadecimal digits; null before it is published.</summary>
    public string? ManifestSha256 { get; init; }

    /// <summary>Where its evaluation lies, as a path below the data folder; null without one.</summary>
    public string? Report { get; init; }
}
