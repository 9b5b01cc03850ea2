using RecSys.Core.Domain;
using RecSys.Core.Models.Signing;
using RecSys.Core.Storage;

namespace RecSys.Core.Models;

/// <summary>Brings a bundle into the models folder in one step: it is there complete, or it is not there.</summary>
public static class BundlePublisher
{
    /// <summary>
    /// Lets <paramref name="writeFiles"/> fill a temporary folder inside <paramref name="modelsRoot"/>, then checks and seals it and
    /// renames it to <paramref name="version"/>. A process killed at any moment leaves at most a temporary folder, which readers ignore and
    /// <see cref="CleanTorn"/> removes.
    /// </summary>
    /// <param name="modelsRoot">Created when missing.</param>
    /// <param name="version">Name of the new version.</param>
    /// <param name="writeFiles">Gets the temporary folder; writes every file but the manifest, no subfolders.</param>
    /// <param name="draft">The manifest; its version and files are filled in here.</param>
    /// <param name="cancellationToken">Stops before the rename; the temporary folder is removed.</param>
    /// <returns>The manifest as written.</returns>
    /// <exception cref="RecSysException">The version exists, what was written is not a sound bundle, or the disk takes no more.</exception>
    public static async Task<BundleManifest> PublishAsync(
        string modelsRoot, string version, Func<string, Task> writeFiles, BundleManifest draft,
        CancellationToken cancellationToken = default) =>
        await PublishAsync(modelsRoot, version, writeFiles, draft, BundleTrust.None, cancellationToken);

    /// <inheritdoc cref="PublishAsync(string, string, Func{string, Task}, BundleManifest, CancellationToken)"/>
    /// <param name="modelsRoot">Created when missing.</param>
    /// <param name="version">Name of the new version.</param>
    /// <param name="writeFiles">Gets the temporary folder; writes every file but the manifest, no subfolders.</param>
    /// <param name="draft">The manifest; its version and files are filled in here.</param>
    /// <param name="trust">Signs the manifest, where it has a key for that.</param>
    /// <param name="cancellationToken">Stops before the rename; the temporary folder is removed.</param>
    public static async Task<BundleManifest> PublishAsync(
        string modelsRoot, string version, Func<string, Task> writeFiles, BundleManifest draft, BundleTrust trust,
        CancellationToken cancellationToken)
    {
        try
        {
            using var publication = BundlePublication.Begin(modelsRoot, version);
            try
            {
                await writeFiles(publication.Folder);
                var manifest = await publication.SealAsync(draft, cancellationToken);
                await publication.WriteManifestAsync(manifest, trust, cancellationToken);
                publication.Commit();
                return manifest;
            }
            catch
            {
                publication.Abandon();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FolderFault.Writing(modelsRoot, $"The bundle {version} was not published", e);
        }
    }

    /// <summary>
    /// Removes temporary folders whose publisher is gone; those of running publishers, in any process of this machine, stay.
    /// </summary>
    /// <returns>How many were removed.</returns>
    public static int CleanTorn(string modelsRoot) => FolderPublication.CleanTorn(modelsRoot);
}
