using System.Text.Json.Serialization;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Storage.Lake;

namespace RecSys.Core.Training.Nightly.States;

/// <summary>What a written state is of, <c>manifest.json</c> beside its files.</summary>
/// <param name="Format">Version of this form.</param>
/// <param name="Forms">Versions of the forms of its files.</param>
/// <param name="FeatureHash">Hash of the feature catalogue.</param>
/// <param name="Epoch">Epoch of the log.</param>
/// <param name="Last">The last entry that is in it.</param>
/// <param name="Events">Events that are in it.</param>
/// <param name="Night">Day of the night that wrote it.</param>
/// <param name="Files">Its files.</param>
internal sealed record StateManifest(
    [property: JsonRequired] int Format, [property: JsonRequired] string Forms, [property: JsonRequired] string FeatureHash,
    [property: JsonRequired] long Epoch, [property: JsonRequired] EntryMark Last, [property: JsonRequired] long Events,
    [property: JsonRequired] DateOnly Night, [property: JsonRequired] IReadOnlyList<StepFile> Files)
{
    public const int CurrentFormat = 1;

    /// <summary>The forms that this program writes and reads.</summary>
    public static string CurrentForms { get; } = FormattableString.Invariant(
        $"catalogue {ItemCatalogSnapshot.Version}, contents {LakeContents.SnapshotVersion}, features {SnapshotParts.FeatureVersion}, ")
        + FormattableString.Invariant($"users {PastFiles.UsersVersion}");
}
