using RecSys.Core.Domain;
using RecSys.Core.Models.Signing;
using RecSys.Core.Storage;
using RecSys.Core.Storage.ModelStates;

namespace RecSys.Core.Models;

/// <summary>What a bundle must be like to become champion: there, signed where that is required, the one registered, and whole.</summary>
/// <param name="modelsRoot">Folder of the bundles.</param>
/// <param name="trust">Whose bundles may serve.</param>
internal sealed class ChampionCheck(string modelsRoot, BundleTrust trust)
{
    /// <summary>
    /// Why a version must not become champion; null when nothing speaks against it. Every byte is read, which may take seconds: a server's
    /// request waits for that without holding a thread of its own.
    /// </summary>
    public async Task<string?> FaultAsync(ModelRecord record, CancellationToken cancellationToken)
    {
        var version = record.Version;
        if (record.Collected)
            return $"The bundle of {version} was deleted to make room. Put it back, then: models release {version} --reason \"...\".";
        try
        {
            var folder = BundleName.Resolve(modelsRoot, version);
            await BundleVerifier.VerifyShapeAsync(folder, trust, cancellationToken);
            var sha256 = await BundleFolder.ManifestShaAsync(folder, cancellationToken);
            if (record.Lineage.ManifestSha256 is { } registered && registered != sha256)
                return $"The manifest of {version} is not the one that was registered. Publish the bundle again under a new version.";
            await Task.Run(() => BundleVerifier.VerifyAsync(folder, cancellationToken), cancellationToken);
            return null;
        }
        catch (RecSysException fault)
        {
            return $"{version} cannot become champion. {fault.Message}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{version} cannot become champion. {FolderFault.Reading(Path.Combine(modelsRoot, version), e).Message}";
        }
    }
}
