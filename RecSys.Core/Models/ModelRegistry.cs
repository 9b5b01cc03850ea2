using RecSys.Core.Domain;
using RecSys.Core.Models.Signing;
using RecSys.Core.Storage.ModelStates;

namespace RecSys.Core.Models;

/// <summary>
/// The one door to the model versions: bundles in a folder, and in the store what each of them is good for. What serves is what the store
/// calls champion; a bundle that nobody registered serves nowhere.
/// </summary>
/// <param name="modelsRoot">Folder of the bundles; may be missing as long as nothing was published.</param>
/// <param name="states">The store.</param>
/// <param name="trust">Signs, and says whose bundles may serve; null: unsigned ones may.</param>
public sealed class ModelRegistry(string modelsRoot, IModelStates states, BundleTrust? trust = null)
{
    private const string FoundReason = "found in the models folder";

    /// <summary>Most characters of a reason and of an actor's name.</summary>
    public const int MaxTextLength = 500;

    /// <summary>True for what may be given as a reason: some text of at most <see cref="MaxTextLength"/> characters on one line.</summary>
    public static bool IsReason(string text) =>
        text.Trim().Length > 0 && text.Length <= MaxTextLength && !text.Any(char.IsControl);

    private readonly BundleFolder folder = new(modelsRoot);
    private readonly ChampionCheck check = new(modelsRoot, trust ?? BundleTrust.None);

    public string ModelsRoot => modelsRoot;

    /// <summary>Signs, and says whose bundles may serve.</summary>
    public BundleTrust Trust { get; } = trust ?? BundleTrust.None;

    internal IModelStates States => states;

    /// <summary>
    /// All versions that the folder or the store knows, newest first: semantic versions by number, then other names by name. Folders whose
    /// names no version can have are passed over.
    /// </summary>
    /// <exception cref="RecSysException">Folder or store cannot be read.</exception>
    public async Task<IReadOnlyList<ModelVersion>> ListAsync(CancellationToken cancellationToken = default)
    {
        await TakeOverAsync(cancellationToken);
        // The store first: what is published meanwhile is unregistered for a moment, what is registered has its folder.
        var records = (await states.ListAsync(cancellationToken)).ToDictionary(record => record.Version, StringComparer.Ordinal);
        var versions = await folder.ListAsync(cancellationToken);
        for (var i = 0; i < versions.Count; i++)
        {
            if (records.Remove(versions[i].Version, out var record)) versions[i] = versions[i] with { Record = record };
        }
        foreach (var record in records.Values) versions.Add(await folder.DescribeAsync(record.Version, record, cancellationToken));
        versions.Sort((a, b) => SemanticVersion.Compare(b.Version, a.Version));
        return versions;
    }

    /// <summary>One version; absent and without a record when it does not exist.</summary>
    public async Task<ModelVersion> DescribeAsync(string version, CancellationToken cancellationToken = default)
    {
        await TakeOverAsync(cancellationToken);
        return await folder.DescribeAsync(version, await states.FindAsync(version, cancellationToken), cancellationToken);
    }

    /// <summary>The folder of a version.</summary>
    /// <exception cref="RecSysException">The name is not allowed or a link.</exception>
    public string FolderOf(string version) => folder.PathOf(version);

    /// <summary>The version that serves whoever is in no experiment, or null when none was chosen yet.</summary>
    /// <exception cref="RecSysException">The store cannot be read.</exception>
    public async Task<ModelRecord?> ReadChampionAsync(CancellationToken cancellationToken = default)
    {
        await TakeOverAsync(cancellationToken);
        return await states.ReadChampionAsync(cancellationToken);
    }

    /// <summary>The history of a version, or of all, newest first.</summary>
    public Task<IReadOnlyList<ModelTransition>> TransitionsAsync(
        string? version, int most, CancellationToken cancellationToken = default) =>
        states.TransitionsAsync(version, most, cancellationToken);

    /// <summary>
    /// The next semantic version: the highest of which folder or store hold anything, torn and unfinished ones included, with its last
    /// number raised by one; <c>v1.0.0</c> where there is none.
    /// </summary>
    /// <exception cref="RecSysException">Folder or store cannot be read.</exception>
    public async Task<string> NextVersionAsync(CancellationToken cancellationToken = default)
    {
        await TakeOverAsync(cancellationToken);
        SemanticVersion? highest = null;
        var known = (await states.ListAsync(cancellationToken)).Select(record => record.Version);
        foreach (var name in folder.Entries().Select(path => Path.GetFileName(path)).Concat(known))
        {
            var found = SemanticVersion.FindIn(name);
            if (found is not null && (highest is null || found.CompareTo(highest) > 0)) highest = found;
        }
        return highest is null ? "v1.0.0" : $"v{highest.Major}.{highest.Minor}.{highest.Patch + 1}";
    }

    /// <summary>What the manifest of a published version tells of where it comes from, with the champion of now as its parent.</summary>
    /// <exception cref="RecSysException">There is no sound bundle.</exception>
    public async Task<ModelLineage> LineageOfAsync(string version, CancellationToken cancellationToken = default) =>
        await folder.LineageAsync(version, cancellationToken) with
        {
            Parent = (await ReadChampionAsync(cancellationToken))?.Version,
        };

    /// <summary>How the signature of a bundle in the folder stands.</summary>
    /// <exception cref="RecSysException">It has no manifest that can be read.</exception>
    public async Task<SignatureFinding> ExamineAsync(string version, CancellationToken cancellationToken = default) =>
        Trust.Examine(FolderOf(version), await BundleManifest.ReadBytesAsync(FolderOf(version), cancellationToken));

    /// <summary>Puts a signature of this process's key beside the manifest of a sound bundle.</summary>
    /// <exception cref="RecSysException">There is no key to sign with, or the bundle is damaged or not the one that was
    /// registered.</exception>
    public async Task SignAsync(string version, CancellationToken cancellationToken = default)
    {
        if (!Trust.Signs)
            throw new RecSysException("There is no key to sign with. Set Models:SigningKeyFile to the file of the secret or private key.");
        await BundleVerifier.VerifyAsync(FolderOf(version), cancellationToken);
        var manifest = await BundleManifest.ReadBytesAsync(FolderOf(version), cancellationToken);
        if ((await states.FindAsync(version, cancellationToken))?.Lineage.ManifestSha256 is { } registered
            && registered != await BundleFolder.ManifestShaAsync(FolderOf(version), cancellationToken))
            throw new RecSysException($"The manifest of {version} is not the one that was registered; it is not signed.");
        await Trust.SignAsync(FolderOf(version), manifest, cancellationToken);
    }

    /// <summary>
    /// Takes a version up: <see cref="ModelState.Training"/> reserves its name before there is a bundle, and a second call gives what was
    /// in training its next state.
    /// </summary>
    /// <param name="version">Name of the bundle.</param>
    /// <param name="state">Training, rejected or staging.</param>
    /// <param name="lineage">Null: what the manifest says, with the champion of now as the parent.</param>
    /// <param name="actor">Who does it, at most <see cref="MaxTextLength"/> characters.</param>
    /// <param name="reason">Why, likewise.</param>
    /// <param name="cancellationToken">Stops before the change.</param>
    /// <exception cref="RecSysException">There is no sound bundle to register, or the store fails.</exception>
    public async Task<RegistryChange> RegisterAsync(
        string version, ModelState state, ModelLineage? lineage, string actor, string reason, CancellationToken cancellationToken = default)
    {
        await TakeOverAsync(cancellationToken);
        _ = FolderOf(version);
        if (state != ModelState.Training) lineage ??= await LineageOfAsync(version, cancellationToken);
        var change = await states.RegisterAsync(
            new ModelRegistration(version, state, lineage ?? new ModelLineage(), Text(actor), Text(reason)), cancellationToken);
        return RegistryChange.Of(change, version, state);
    }

    /// <summary>
    /// Changes a version's state; asking for what is so already changes nothing. Champions follow one another by
    /// <see cref="PromoteAsync"/> and <see cref="RollbackAsync"/>, which this calls: a champion that is quarantined gives its place back.
    /// </summary>
    /// <param name="version">A version that the store knows, or one in the folder, which is staged first.</param>
    /// <param name="to">The new state.</param>
    /// <param name="expectedRevision">The revision that the decision was made on; null: whatever it is now.</param>
    /// <param name="actor">Who does it, at most <see cref="MaxTextLength"/> characters.</param>
    /// <param name="reason">Why, likewise.</param>
    /// <param name="cancellationToken">Stops before the change.</param>
    /// <exception cref="RecSysException">The store fails.</exception>
    public async Task<RegistryChange> TransitionAsync(
        string version, ModelState to, long? expectedRevision, string actor, string reason, CancellationToken cancellationToken = default)
    {
        if (to == ModelState.Champion) return await PromoteAsync(version, expectedRevision, null, actor, reason, cancellationToken);
        await TakeOverAsync(cancellationToken);
        var (record, fault) = await EnsureRegisteredAsync(version, actor, cancellationToken);
        if (record is null) return new RegistryChange(ModelChangeOutcome.Unknown, null, fault);
        if (record.State == to && !record.Collected && (expectedRevision ?? record.Revision) == record.Revision)
            return new RegistryChange(ModelChangeOutcome.Done, record, null);
        if (record.State == ModelState.Champion && to == ModelState.Quarantined)
            return await ReturnAsync(record, to, expectedRevision, actor, reason, cancellationToken);
        if (record.Collected && to == ModelState.Staging
            && (await folder.DescribeAsync(version, record, cancellationToken)) is { Condition: not BundleCondition.Valid } gone)
            return RegistryChange.Unsound(record, $"The bundle of {version} was deleted to make room; put it back first. {gone.Fault}");
        var move = new ModelMove(version, to, expectedRevision ?? record.Revision, Text(actor), Text(reason));
        return RegistryChange.Of(await states.MoveAsync(move, cancellationToken), version, to);
    }

    /// <summary>
    /// Makes a version champion and retires the one before, in one transaction. Every file of its bundle must have the
    /// checksum of the manifest, which must be the one that was registered, and signed where that is required.
    /// </summary>
    /// <param name="version">A version that the store knows, or one in the folder, which is staged first.</param>
    /// <param name="expectedRevision">The revision that the decision was made on; null: whatever it is now.</param>
    /// <param name="expectedChampion">The champion that it was compared with; null: whichever it is now.</param>
    /// <param name="actor">Who does it, at most <see cref="MaxTextLength"/> characters.</param>
    /// <param name="reason">Why, likewise.</param>
    /// <param name="cancellationToken">Stops before the change.</param>
    /// <exception cref="RecSysException">The store fails.</exception>
    public async Task<RegistryChange> PromoteAsync(
        string version, long? expectedRevision, string? expectedChampion, string actor, string reason,
        CancellationToken cancellationToken = default)
    {
        await TakeOverAsync(cancellationToken);
        var (record, fault) = await EnsureRegisteredAsync(version, actor, cancellationToken);
        if (record is null) return new RegistryChange(ModelChangeOutcome.Unknown, null, fault);
        if (record.State == ModelState.Champion && (expectedRevision ?? record.Revision) == record.Revision)
            return new RegistryChange(ModelChangeOutcome.Done, record, null);
        if (ModelStateRules.Allows(record.State, ModelState.Champion) && await check.FaultAsync(record, cancellationToken) is { } unsound)
            return RegistryChange.Unsound(record, unsound);
        var move = new ModelMove(version, ModelState.Champion, expectedRevision ?? record.Revision, Text(actor), Text(reason))
        {
            ExpectedChampion = expectedChampion,
        };
        return RegistryChange.Of(await states.MoveAsync(move, cancellationToken), version, ModelState.Champion);
    }

    /// <summary>Gives the place of the champion back to the one before it that can still serve: what is damaged, by its checksums too, is
    /// passed over.</summary>
    /// <param name="version">The version to go back from, which must be champion; null: whichever is.</param>
    /// <param name="expectedRevision">Its revision when it was decided; null: whatever it is now.</param>
    /// <param name="actor">Who does it, at most <see cref="MaxTextLength"/> characters.</param>
    /// <param name="reason">Why, likewise.</param>
    /// <param name="cancellationToken">Stops before the change.</param>
    /// <returns>With the new champion.</returns>
    /// <exception cref="RecSysException">The store fails.</exception>
    public async Task<RegistryChange> RollbackAsync(
        string? version, long? expectedRevision, string actor, string reason, CancellationToken cancellationToken = default)
    {
        if (await ReadChampionAsync(cancellationToken) is not { } champion)
            return RegistryChange.Refused(null, "There is no champion to go back from.");
        if (version is not null && version != champion.Version)
            return RegistryChange.Refused(await states.FindAsync(version, cancellationToken),
                $"{version} is not champion, {champion.Version} is; nothing was changed.");
        return await ReturnAsync(champion, ModelState.Retired, expectedRevision, actor, reason, cancellationToken);
    }

    /// <summary>The champions before this one, latest first: what a rollback goes through.</summary>
    public async Task<IReadOnlyList<ModelRecord>> PredecessorsAsync(ModelRecord champion, CancellationToken cancellationToken = default)
    {
        var (before, passed) = (new List<ModelRecord>(), new HashSet<string>(StringComparer.Ordinal) { champion.Version });
        var at = champion;
        while (at?.Predecessor is { } name && passed.Add(name))
        {
            at = await states.FindAsync(name, cancellationToken);
            if (at is not null) before.Add(at);
        }
        return before;
    }

    private async Task<RegistryChange> ReturnAsync(
        ModelRecord champion, ModelState outgoing, long? expectedRevision, string actor, string reason, CancellationToken cancellationToken)
    {
        if (expectedRevision is { } expected && expected != champion.Revision)
            return RegistryChange.Of(new ModelChange(ModelChangeOutcome.Stale, champion), champion.Version, outgoing);
        var faults = new List<string>();
        foreach (var before in await PredecessorsAsync(champion, cancellationToken))
        {
            if (before.State != ModelState.Retired) continue;
            if (await check.FaultAsync(before, cancellationToken) is { } fault)
            {
                faults.Add($" {fault}");
                continue;
            }
            var move = new ModelMove(before.Version, ModelState.Champion, before.Revision, Text(actor), Text(reason))
            {
                ExpectedChampion = champion.Version,
                Outgoing = outgoing,
                IsReturn = true,
            };
            return RegistryChange.Of(await states.MoveAsync(move, cancellationToken), before.Version, ModelState.Champion);
        }
        return RegistryChange.Refused(champion,
            $"No champion before {champion.Version} can serve. Promote another version first: models promote VERSION."
                + string.Concat(faults));
    }

    private async Task<(ModelRecord? Record, string? Fault)> EnsureRegisteredAsync(
        string version, string actor, CancellationToken cancellationToken)
    {
        if (!BundleName.IsValid(version)) return (null, $"No version can have this name; names match {BundleName.Rule}.");
        if (await states.FindAsync(version, cancellationToken) is { } known) return (known, null);
        var found = await folder.DescribeAsync(version, null, cancellationToken);
        if (found.Condition != BundleCondition.Valid)
            return (null, $"The store does not know {version}, and its bundle cannot be taken up. {found.Fault}");
        var registration = new ModelRegistration(
            version, ModelState.Staging, await folder.LineageAsync(version, cancellationToken), Text(actor), FoundReason);
        return ((await states.RegisterAsync(registration, cancellationToken)).Record, null);
    }

    private Task TakeOverAsync(CancellationToken cancellationToken) =>
        ChampionFile.TakeOverAsync(modelsRoot, states, () => folder.ListAsync(cancellationToken), cancellationToken);

    private static string Text(string text) => text.Length <= MaxTextLength ? text : text[..MaxTextLength];
}
