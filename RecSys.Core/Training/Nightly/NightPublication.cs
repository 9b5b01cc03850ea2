using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RecSys.Core.Domain;
using RecSys.Core.Models;
using RecSys.Core.Storage.ModelStates;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Judging;

namespace RecSys.Core.Training.Nightly;

/// <summary>
/// The one place that brings a night's challenger into the registry. Repeating it after a crash publishes nothing twice: a version of the
/// same night with the same files is the one.
/// </summary>
internal sealed class NightPublication(NightContext night)
{
    // Who changes the states of versions here.
    private const string Actor = "night";

    /// <summary>Key of the manifest's options: the day that the bundle was made for.</summary>
    public const string DayOption = "night.day";

    /// <summary>Key of the manifest's options: <see cref="DigestOf"/> of the judged model that a bundle is the refit of.</summary>
    public const string RefitOption = "night.refit_of";

    private const string Judged = "judged";

    /// <summary>SHA-256 of the names and checksums of a bundle's files, lower-case hexadecimal.</summary>
    public static string DigestOf(BundleManifest manifest) => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes(string.Concat(manifest.Files.OrderBy(file => file.Key, StringComparer.Ordinal)
            .Select(file => $"{file.Key} {file.Value.Sha256}\n")))));

    /// <summary>
    /// What the challenger has to beat: the champion and the one before it. Where the champion is this very challenger or its refit,
    /// because the run was repeated behind its publication, the one before it is the champion.
    /// </summary>
    public async Task<(string? Champion, string? Previous)> OpponentsAsync(CancellationToken ct)
    {
        if (await night.Registry.ReadChampionAsync(ct) is not { } serving) return (null, null);
        var own = await BundleManifest.ReadAsync(night.Folder[NightFiles.Challenger], ct);
        var champion = await night.Registry.DescribeAsync(serving.Version, ct);
        return IsOwn(champion, own) || IsRefitOf(champion, own) ? (serving.Predecessor, null) : (serving.Version, serving.Predecessor);
    }

    /// <param name="judged">The champion that it was compared with; null when there was none.</param>
    /// <param name="ct">Stops before the version is there.</param>
    /// <param name="refit">Says which bundle of the night it is; null: the judged one.</param>
    /// <exception cref="RecSysException">Another model has become champion since the comparison, or the bundle fails a check.</exception>
    public async Task<PublicationFile> PublishAsync(string? judged, CancellationToken ct, RefitFile? refit = null)
    {
        var registry = night.Registry;
        var refitted = refit?.Outcome == RefitOutcome.Refitted;
        var bundle = night.Folder[refitted ? NightFiles.Refitted : NightFiles.Challenger];
        var manifest = await BundleManifest.ReadAsync(bundle, ct);
        var version = await FindAsync(manifest, ct) ?? await CopyAsync(bundle, manifest, ct);
        var (model, remark) = (refitted ? JudgedModel.Refitted : Judged, refit?.Addition);
        // Reads every file anew, checks it and repeats the golden queries.
        using (await ModelBundle.LoadAsync(registry.FolderOf(version), night.Catalogue, night.Options.Retrieval, ct))
        {
        }
        if ((await registry.DescribeAsync(version, ct)).Record is null)
        {
            var lineage = await LineageAsync(version, ct);
            (await registry.RegisterAsync(version, ModelState.Staging, lineage, Actor, "passed the gate" + remark, ct)).OrThrow();
        }
        if (night.Rollout == RolloutMode.Staged) return new PublicationFile(version, Champion: false, judged, model);
        var serving = (await registry.ReadChampionAsync(ct))?.Version;
        if (serving != version)
        {
            if (serving != judged)
                throw new RecSysException($"{serving ?? "No model"} serves, but {version} was compared with {judged ?? "none"}. "
                    + "Compare it with the present one: run the night again with --from-step evaluate.");
            (await registry.PromoteAsync(version, null, judged, Actor, "better by the night's comparison" + remark, ct)).OrThrow();
        }
        return new PublicationFile(version, Champion: true, judged, model);
    }

    private async Task<ModelLineage> LineageAsync(string version, CancellationToken ct) =>
        await night.Registry.LineageOfAsync(version, ct) with
        {
            Report = Path.GetRelativePath(Path.GetDirectoryName(night.Folder.All)!, night.Folder.Report),
        };

    private async Task<string?> FindAsync(BundleManifest wanted, CancellationToken ct)
    {
        foreach (var version in await night.Registry.ListAsync(ct))
        {
            if (version.Condition == BundleCondition.Valid && IsOwn(version, wanted)) return version.Version;
        }
        return null;
    }

    private bool IsOfThisNight(BundleManifest manifest) =>
        manifest.Options.GetValueOrDefault(DayOption) == night.Run.Day.ToString(NightFolder.DayForm, CultureInfo.InvariantCulture);

    private bool IsRefitOf(ModelVersion version, BundleManifest own) =>
        version.Manifest is { } manifest && IsOfThisNight(manifest)
        && manifest.Options.GetValueOrDefault(RefitOption) == DigestOf(own);

    private bool IsOwn(ModelVersion version, BundleManifest own) =>
        version.Manifest is { } manifest && IsOfThisNight(manifest)
        && manifest.Files.Count == own.Files.Count
        && manifest.Files.All(file => own.Files.TryGetValue(file.Key, out var same) && same == file.Value);

    private async Task<string> CopyAsync(string bundle, BundleManifest manifest, CancellationToken ct)
    {
        BundlePublisher.CleanTorn(night.Registry.ModelsRoot);
        var published = await BundlePublisher.PublishAsync(
            night.Registry.ModelsRoot, await night.Registry.NextVersionAsync(ct), folder =>
            {
                foreach (var name in manifest.Files.Keys)
                {
                    ct.ThrowIfCancellationRequested();
                    File.Copy(Path.Combine(bundle, name), Path.Combine(folder, name));
                }
                return Task.CompletedTask;
            },
            manifest, night.Registry.Trust, ct);
        return published.Version;
    }
}
