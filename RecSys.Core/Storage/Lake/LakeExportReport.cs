namespace RecSys.Core.Storage.Lake;

/// <summary>What an export did.</summary>
/// <param name="Written">New days, those of the log first.</param>
/// <param name="Verified">Days that were there already and were asked for by name.</param>
/// <param name="Torn">Days of earlier tries that were removed.</param>
/// <param name="Waiting">Why days that are over could not be closed, and what to do; null when all are.</param>
public sealed record LakeExportReport(
    IReadOnlyList<LakeManifest> Written, IReadOnlyList<LakeManifest> Verified, int Torn, string? Waiting)
{
    /// <summary>Days that another export published while this one wrote them: those of the other one stay.</summary>
    public IReadOnlyList<LakeManifest> Lost { get; init; } = [];

    /// <summary>
    /// The present day of the log, where it was to be closed and had been before; null otherwise. It stays as it was.
    /// </summary>
    public LakeManifest? Closed { get; init; }

    /// <summary>Entries that the log has got since <see cref="Closed"/>; they belong to the next day.</summary>
    public long SinceClosed { get; init; }
}
