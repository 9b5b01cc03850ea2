using RecSys.Core.Domain;
using RecSys.Core.Models.Signing;
using RecSys.Core.Storage;
using RecSys.Core.Storage.ModelStates;

namespace RecSys.Core.Models;

/// <summary>Reads every byte of bundles and compares them with manifest, signature and store.</summary>
public sealed class ModelVerification(ModelRegistry registry)
{
    /// <param name="version">What the registry says of it.</param>
    /// <param name="cancellationToken">Stops within a file.</param>
    public async Task<ModelFinding> RunAsync(ModelVersion version, CancellationToken cancellationToken = default)
    {
        if (version.Condition == BundleCondition.Absent)
        {
            var expected = version.Record is { Collected: true } or { State: ModelState.Training };
            return new ModelFinding(version, null, expected ? [] : [version.Fault ?? "there is no bundle"]);
        }
        var faults = new List<string>();
        SignatureFinding? signature = null;
        try
        {
            var folder = registry.FolderOf(version.Version);
            var manifest = await BundleManifest.ReadBytesAsync(folder, cancellationToken);
            signature = registry.Trust.Examine(folder, manifest);
            if (signature.Refused || signature.State == SignatureState.Wrong) faults.Add(signature.Remark);
            if (version.Record?.Lineage.ManifestSha256 is { } registered
                && registered != await BundleFolder.ManifestShaAsync(folder, cancellationToken))
                faults.Add("The manifest is not the one that was registered.");
            await BundleVerifier.VerifyAsync(folder, cancellationToken);
        }
        catch (RecSysException fault)
        {
            faults.Add(fault.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add(FolderFault.Reading(Path.Combine(registry.ModelsRoot, version.Version), e).Message);
        }
        return new ModelFinding(version, signature, faults);
    }
}
