using System.Text.Json;
using RecSys.Core.Storage;
using RecSys.Core.Storage.ModelStates;

namespace RecSys.Core.Models;

/// <summary>
/// <c>champion.json</c>, in which earlier programs kept which version serves. It is taken over into the store once, when a registry is used
/// for the first time, and deleted.
/// </summary>
internal static class ChampionFile
{
    public const string Name = "champion.json";
    public const string Actor = "takeover";

    private const int MaxBytes = 64 << 10;

    /// <summary>
    /// The champion stays champion; the one before it and versions older than it are retired; later ones are staged. Where the file is
    /// damaged, all are staged.
    /// </summary>
    /// <exception cref="Domain.RecSysException">The file is there and cannot be read.</exception>
    public static async Task TakeOverAsync(
        string modelsRoot, IModelStates states, Func<Task<List<ModelVersion>>> bundles, CancellationToken cancellationToken)
    {
        var path = Path.Combine(modelsRoot, Name);
        if (!File.Exists(path)) return;
        if ((await states.ListAsync(cancellationToken)).Count == 0)
        {
            ChampionPointer? pointer;
            try
            {
                pointer = await ReadAsync(path, cancellationToken);
            }
            catch (FileNotFoundException)
            {
                // Another process has taken it over in between, which is the only one to delete it.
                return;
            }
            await states.TakeOverAsync([.. Registrations(pointer, await bundles())], cancellationToken);
        }
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder that may not be written: the store is what counts from now on, and the file is passed over.
        }
    }

    private static async Task<ChampionPointer?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.LinkTarget is not null || file.Length > MaxBytes) return null;
            var pointer =
                JsonSerializer.Deserialize(await File.ReadAllBytesAsync(path, cancellationToken), BundleJson.Default.ChampionPointer);
            return pointer is not null && BundleName.IsValid(pointer.Version) ? pointer : null;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (Exception e) when (e is (IOException and not FileNotFoundException) or UnauthorizedAccessException)
        {
            throw FolderFault.Reading(path, e);
        }
    }

    private static IEnumerable<ModelRegistration> Registrations(ChampionPointer? pointer, List<ModelVersion> bundles)
    {
        // A champion whose bundle is damaged or gone is still the one that was chosen.
        if (pointer is not null)
        {
            var manifest = bundles.Find(bundle => bundle.Version == pointer.Version)?.Manifest;
            yield return new ModelRegistration(
                pointer.Version, ModelState.Champion, Lineages.Of(manifest), Actor, "was champion in champion.json")
            {
                Since = pointer.Since,
                Predecessor = BundleName.IsValid(pointer.Previous) && pointer.Previous != pointer.Version ? pointer.Previous : null,
            };
        }
        foreach (var bundle in bundles)
        {
            if (bundle.Condition != BundleCondition.Valid || bundle.Version == pointer?.Version) continue;
            var older = pointer is not null
                && (bundle.Version == pointer.Previous || SemanticVersion.Compare(bundle.Version, pointer.Version) < 0);
            yield return new ModelRegistration(
                bundle.Version, older ? ModelState.Retired : ModelState.Staging, Lineages.Of(bundle.Manifest), Actor,
                "was in the models folder before the store kept states");
        }
    }
}
