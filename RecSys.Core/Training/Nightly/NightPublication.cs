using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation.Gate;
using RecSys.Core.Models;
using RecSys.Core.Storage.ModelStates;
using RecSys.Core.Training.Nightly.Challengers;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Judging;

namespace RecSys.Core.Training.Nightly;

/// <summary>
/// The one place that brings a night's challengers into the registry. Repeating it after a crash publishes nothing twice: a version of the
/// same night and challenger with the same files is the one.
/// </summary>
internal sealed class NightPublication(NightContext night)
{
    // Who changes the states of versions here.
    private const string Actor = "night";

    /// <summary>Key of the manifest's options: the day that the bundle was made for.</summary>
    public const string DayOption = "night.day";

    /// <summary>Key of the manifest's options: <see cref="DigestOf"/> of the judged model that a bundle is the refit of.</summary>
    public const string RefitOption = "night.refit_of";

    /// <summary>Key of the manifest's options: which of several challengers it is; absent for that of <c>Training:Ranker</c>.</summary>
    public const string VariantOption = "night.variant";

    private const string Judged = "judged";

    /// <summary>SHA-256 of the names and checksums of a bundle's files, lower-case hexadecimal.</summary>
    public static string DigestOf(BundleManifest manifest) => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes(string.Concat(manifest.Files.OrderBy(file => file.Key, StringComparer.Ordinal)
            .Select(file => $"{file.Key} {file.Value.Sha256}\n")))));

    /// <summary>
    /// What challengers have to beat: the champion and the one before it. A champion that is one of these very challengers or a refit of
    /// one, because the run was repeated behind its publication, is passed over for the one before it.
    /// </summary>
    public async Task<(string? Champion, string? Previous)> OpponentsAsync(CancellationToken ct)
    {
        if (await night.Registry.ReadChampionAsync(ct) is not { } serving) return (null, null);
        var manifests = await ManifestsAsync(ct);
        if (!await IsOfOneAsync(serving, manifests, ct)) return (serving.Version, serving.Predecessor);
        foreach (var before in await night.Registry.PredecessorsAsync(serving, ct))
        {
            if (!await IsOfOneAsync(before, manifests, ct)) return (before.Version, null);
        }
        return (null, null);
    }

    private async Task<bool> IsOfOneAsync(ModelRecord record, IReadOnlyList<BundleManifest> manifests, CancellationToken ct)
    {
        var version = await night.Registry.DescribeAsync(record.Version, ct);
        return manifests.Any(own => IsOwn(version, own) || IsRefitOf(version, own));
    }

    private async Task<IReadOnlyList<BundleManifest>> ManifestsAsync(CancellationToken ct)
    {
        var manifests = new List<BundleManifest>();
        foreach (var challenger in night.Challengers)
        {
            // One that could not be fitted has no bundle.
            if (File.Exists(night.Folder[challenger[NightFiles.Fault]])) continue;
            manifests.Add(await BundleManifest.ReadAsync(night.Folder[challenger[NightFiles.Challenger]], ct));
        }
        return manifests;
    }

    /// <summary>Brings all that passed into the registry, and makes the best champion where the rollout says so.</summary>
    /// <param name="passed">The best first.</param>
    /// <param name="judged">The champion that they were compared with; null when there was none.</param>
    /// <param name="rule">By which rule of the gate the best passed; null: no gate was asked.</param>
    /// <param name="ct">Stops between versions.</param>
    /// <param name="refit">Says which bundle of the best it is; null: the judged one.</param>
    /// <exception cref="RecSysException">Another model has become champion since the comparison, or a bundle fails a check.</exception>
    public async Task<PublicationFile> PublishAsync(
        IReadOnlyList<Challenger> passed, string? judged, GateVerdict? rule, CancellationToken ct, RefitFile? refit = null)
    {
        var by = rule is null ? "without a gate" : "passed the gate";
        var version = await StageAsync(passed[0], by, refit, ct);
        var others = new List<PublishedChallenger>();
        foreach (var other in passed.Skip(1)) others.Add(new PublishedChallenger(other.Name, await StageAsync(other, by, refit: null, ct)));
        if (night.Rollout != RolloutMode.Staged) await PromoteAsync(version, judged, ReasonOf(rule) + refit?.Addition, ct);
        return new PublicationFile(version, night.Rollout != RolloutMode.Staged, judged, IsRefitted(refit) ? JudgedModel.Refitted : Judged)
        {
            Variant = passed[0].Variant, Others = others.Count > 0 ? others : null,
        };
    }

    private static bool IsRefitted(RefitFile? refit) => refit?.Outcome == RefitOutcome.Refitted;

    private async Task<string> StageAsync(Challenger challenger, string by, RefitFile? refit, CancellationToken ct)
    {
        var registry = night.Registry;
        var bundle = night.Folder[challenger[IsRefitted(refit) ? NightFiles.Refitted : NightFiles.Challenger]];
        var manifest = await BundleManifest.ReadAsync(bundle, ct);
        var version = await FindAsync(manifest, ct) ?? await CopyAsync(bundle, manifest, ct);
        // Reads every file anew, checks it and repeats the golden queries.
        using (await ModelBundle.LoadAsync(registry.FolderOf(version), night.Catalogue, night.Options.Retrieval, ct))
        {
        }
        if ((await registry.DescribeAsync(version, ct)).Record is null)
        {
            var lineage = await LineageAsync(version, ct);
            var reason = by + (challenger.Variant is { } variant ? $" as {variant}" : "") + refit?.Addition;
            (await registry.RegisterAsync(version, ModelState.Staging, lineage, Actor, reason, ct)).OrThrow();
        }
        return version;
    }

    private async Task PromoteAsync(string version, string? judged, string reason, CancellationToken ct)
    {
        var serving = (await night.Registry.ReadChampionAsync(ct))?.Version;
        if (serving == version) return;
        // Where a repeated night finds another of its challengers better, that one serves and is what gives way.
        if ((await OpponentsAsync(ct)).Champion != judged)
            throw new RecSysException($"{serving ?? "No model"} serves, but {version} was compared with {judged ?? "none"}. "
                + "Compare it with the present one: run the night again with --from-step evaluate.");
        (await night.Registry.PromoteAsync(version, null, serving, Actor, reason, ct)).OrThrow();
    }

    private static string ReasonOf(GateVerdict? rule) => rule switch
    {
        null => "made champion without a comparison",
        GateVerdict.Refresh => "as good by the night's comparison, and the champion stale or its data drifted (refresh)",
        GateVerdict.First => "better than popularity by the night's comparison (first)",
        _ => "better by the night's comparison (improve)",
    };

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
        && manifest.Options.GetValueOrDefault(VariantOption) == own.Options.GetValueOrDefault(VariantOption)
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
