using RecSys.Core.Storage.ModelStates;

namespace RecSys.Core.Models;

/// <summary>What a manifest tells of where a version comes from.</summary>
internal static class Lineages
{
    /// <param name="manifest">Null: nothing is known.</param>
    /// <param name="sha256">Of the manifest's bytes; null: not taken.</param>
    public static ModelLineage Of(BundleManifest? manifest, string? sha256 = null) => manifest is null ? new ModelLineage() : new()
    {
        WindowFrom = manifest.TrainingWindow.From,
        WindowTo = manifest.TrainingWindow.To,
        WindowEvents = manifest.TrainingWindow.Events,
        CodeCommit = manifest.GitCommit,
        ManifestSha256 = sha256,
    };
}
