using RecSys.Core.Storage.ModelStates;

namespace RecSys.Api.Contracts;

/// <summary>Where a version comes from.</summary>
/// <param name="Parent">The champion when it was trained.</param>
/// <param name="Predecessor">The champion that it took the place of.</param>
/// <param name="WindowFrom">Time of the first event that it was fitted on.</param>
/// <param name="WindowTo">Time of the last one.</param>
/// <param name="WindowEvents">How many.</param>
/// <param name="CodeCommit">Commit of the code that trained it.</param>
/// <param name="ManifestSha256">Of its manifest, when it was registered.</param>
/// <param name="Report">Where its evaluation lies.</param>
public sealed record ModelLineageBody(
    string? Parent, string? Predecessor, DateTimeOffset? WindowFrom, DateTimeOffset? WindowTo, long? WindowEvents, string? CodeCommit,
    string? ManifestSha256, string? Report)
{
    internal static ModelLineageBody Of(ModelRecord record) => new(
        record.Lineage.Parent, record.Predecessor, record.Lineage.WindowFrom, record.Lineage.WindowTo, record.Lineage.WindowEvents,
        record.Lineage.CodeCommit, record.Lineage.ManifestSha256, record.Lineage.Report);
}
