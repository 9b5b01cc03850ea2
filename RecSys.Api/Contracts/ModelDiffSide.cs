using RecSys.Core.Models;

namespace RecSys.Api.Contracts;

/// <summary>One side of <see cref="ModelDiffBody"/>.</summary>
/// <param name="Version">Name.</param>
/// <param name="CreatedAt">When it was trained.</param>
/// <param name="WindowFrom">Time of the first event that it was fitted on.</param>
/// <param name="WindowTo">Time of the last one.</param>
/// <param name="WindowEvents">How many.</param>
/// <param name="Items">Items in its index.</param>
/// <param name="CodeCommit">Commit of the code that trained it.</param>
public sealed record ModelDiffSide(
    string Version, DateTimeOffset CreatedAt, DateTimeOffset WindowFrom, DateTimeOffset WindowTo, long WindowEvents, int Items,
    string CodeCommit)
{
    internal static ModelDiffSide Of(BundleManifest manifest) => new(
        manifest.Version, manifest.CreatedAt, manifest.TrainingWindow.From, manifest.TrainingWindow.To, manifest.TrainingWindow.Events,
        manifest.ItemCount, manifest.GitCommit);
}
