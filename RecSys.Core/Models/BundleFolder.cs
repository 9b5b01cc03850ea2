using System.Security.Cryptography;
using RecSys.Core.Domain;
using RecSys.Core.Storage;
using RecSys.Core.Storage.ModelStates;

namespace RecSys.Core.Models;

/// <summary>The bundles in a models folder, as they lie there.</summary>
/// <param name="root">May be missing as long as nothing was published.</param>
internal sealed class BundleFolder(string root)
{
    /// <summary>The full path of a version.</summary>
    /// <exception cref="RecSysException">The name is not allowed or a link.</exception>
    public string PathOf(string version) => BundleName.Resolve(root, version);

    /// <summary>Every folder whose name a version can have, without records and in no order.</summary>
    /// <exception cref="RecSysException">The folder cannot be read.</exception>
    public async Task<List<ModelVersion>> ListAsync(CancellationToken cancellationToken)
    {
        var versions = new List<ModelVersion>();
        foreach (var path in Entries().Where(Directory.Exists))
        {
            var name = Path.GetFileName(path);
            if (BundleName.IsValid(name)) versions.Add(await DescribeAsync(name, null, cancellationToken));
        }
        return versions;
    }

    /// <summary>What lies under the name of a version.</summary>
    public async Task<ModelVersion> DescribeAsync(string version, ModelRecord? record, CancellationToken cancellationToken)
    {
        try
        {
            var manifest = await BundleVerifier.VerifyShapeAsync(PathOf(version), cancellationToken);
            return new ModelVersion(version, record, BundleCondition.Valid, null, manifest);
        }
        catch (RecSysException e)
        {
            var there = BundleName.IsValid(version) && Path.Exists(Path.Combine(root, version));
            return new ModelVersion(version, record, there ? BundleCondition.Torn : BundleCondition.Absent, e.Message, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new ModelVersion(version, record, BundleCondition.Torn, FolderFault.Reading(Path.Combine(root, version), e).Message,
                null);
        }
    }

    /// <summary>What the manifest of a version tells of where it comes from; its parent is unknown.</summary>
    /// <exception cref="RecSysException">There is no sound bundle.</exception>
    public async Task<ModelLineage> LineageAsync(string version, CancellationToken cancellationToken)
    {
        var folder = PathOf(version);
        var manifest = await BundleVerifier.VerifyShapeAsync(folder, cancellationToken);
        return Lineages.Of(manifest, await ManifestShaAsync(folder, cancellationToken));
    }

    /// <summary>SHA-256 of the manifest in the folder of a bundle.</summary>
    public static async Task<string> ManifestShaAsync(string folder, CancellationToken cancellationToken) =>
        Convert.ToHexStringLower(SHA256.HashData(await BundleManifest.ReadBytesAsync(folder, cancellationToken)));

    /// <summary>Everything directly in the folder.</summary>
    /// <exception cref="RecSysException">The folder cannot be read.</exception>
    public string[] Entries()
    {
        try
        {
            return Directory.Exists(root) ? Directory.GetFileSystemEntries(root) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FolderFault.Reading(root, e);
        }
    }
}
