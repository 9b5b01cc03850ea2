using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Storage;
using RecSys.Core.Storage.Lake;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Sources;
using RecSys.Core.Training.Rows;

namespace RecSys.Core.Training.Nightly.States;

/// <summary>
/// States of the log at the positions where the windows of later nights begin, <c>nights/states/EPOCH-POSITION/</c>: whole or not there,
/// checksummed, kept for some nights. One that cannot be used is refused by name, and what it would have spared is folded again.
/// </summary>
/// <param name="nights">Folder of the nights.</param>
/// <param name="source">The log that they must be of.</param>
/// <param name="catalogue">Features that they must be for.</param>
internal sealed class NightStates(string nights, INightSource source, FeatureCatalogue catalogue)
{
    /// <summary>Days for which a state is kept.</summary>
    public const int KeepDays = 9;

    private const string Folder = "states";
    private const string ManifestFile = "manifest.json";
    private const string ItemsFile = "catalogue.bin";
    private const string ContentsFile = "contents.bin";
    private const string FeaturesFile = "features.bin";
    private const string UsersFile = "users.bin";
    private const string ErasedFile = "erased.bin";

    private readonly string root = Path.Combine(nights, Folder);

    /// <summary>
    /// The latest written state before a position that belongs to the log, or an empty one: what is behind it is to be folded into it.
    /// </summary>
    /// <param name="before">First position that must not be in it.</param>
    /// <param name="ct">Stops between files.</param>
    public async Task<OpenedState> OpenAsync(long before, CancellationToken ct)
    {
        var refused = new List<string>();
        foreach (var folder in Existing().Where(folder => PositionOf(folder) < before))
        {
            try
            {
                return new OpenedState(await ReadAsync(folder, ct), Path.GetFileName(folder), refused);
            }
            catch (Exception fault) when (fault is RecSysException or IOException or UnauthorizedAccessException or ArgumentException)
            {
                refused.Add($"The state {Path.GetFileName(folder)} is refused: {fault.Message}");
            }
        }
        return new OpenedState(new PastState(), null, refused);
    }

    /// <summary>Writes a state that is not visible before it is committed; null where it is there, or nothing is in it.</summary>
    public FolderPublication? Begin(PastState state, CancellationToken ct)
    {
        FolderPublication.CleanTorn(root);
        if (state.Position == 0) return null;
        var publication = FolderPublication.Begin(root, NameOf(state.Position));
        try
        {
            using (var file = PastFiles.Create(Path.Combine(publication.Folder, ItemsFile))) state.Contents.Items.Write(file);
            using (var file = PastFiles.Create(Path.Combine(publication.Folder, ContentsFile))) state.Contents.WriteUsers(file);
            PastFiles.Write(
                state, Path.Combine(publication.Folder, FeaturesFile), Path.Combine(publication.Folder, UsersFile), ct);
            return publication;
        }
        catch
        {
            publication.Abandon();
            publication.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Makes a written state visible, in place of one of that position, and removes those that are older than they are kept.
    /// </summary>
    /// <param name="publication">From <see cref="Begin"/>; disposed of.</param>
    /// <param name="last">Last entry of the state.</param>
    /// <param name="events">Its events.</param>
    /// <param name="night">Day of the present night.</param>
    /// <param name="ct">Stops before it is visible.</param>
    /// <returns>Its name.</returns>
    public async Task<string> CommitAsync(
        FolderPublication publication, EntryMark last, long events, DateOnly night, CancellationToken ct)
    {
        using (publication)
        {
            try
            {
                var erased = (await source.ErasedAsync(ct)).Select(HashOf).Order().ToArray();
                await PositionsFile.WriteAsync(Path.Combine(publication.Folder, ErasedFile), erased, ct);
                var files = new List<StepFile>();
                foreach (var name in (string[])[ItemsFile, ContentsFile, FeaturesFile, UsersFile, ErasedFile])
                {
                    var path = Path.Combine(publication.Folder, name);
                    DurableFile.Flush(path);
                    var digest = await FileDigest.OfAsync(path, ct);
                    files.Add(new StepFile(name, digest.Sha256, digest.Bytes));
                }
                await NightJson.WriteAsync(Path.Combine(publication.Folder, ManifestFile), new StateManifest(
                    StateManifest.CurrentFormat, StateManifest.CurrentForms, catalogue.Hash, source.Window.Epoch, last, events, night,
                    files), ct);
                var target = Path.Combine(root, NameOf(last.Position));
                if (Directory.Exists(target)) FolderPublication.Remove(target);
                publication.Commit(target);
            }
            catch
            {
                publication.Abandon();
                throw;
            }
        }
        await PruneAsync(night, ct);
        return NameOf(last.Position);
    }

    private async Task<PastState> ReadAsync(string folder, CancellationToken ct)
    {
        var manifest = await NightJson.FindAsync<StateManifest>(Path.Combine(folder, ManifestFile), ct)
            ?? throw new RecSysException("its manifest is missing or damaged.");
        await CheckAsync(folder, manifest, ct);
        string Of(string name) => Path.Combine(folder, name);
        ItemCatalog items;
        using (var file = PastFiles.Open(Of(ItemsFile))) items = ItemCatalog.Read(file, Of(ItemsFile));
        LakeContents contents;
        using (var file = PastFiles.Open(Of(ContentsFile))) contents = LakeContents.Read(items, file, Of(ContentsFile));
        var features = new FeatureState(items);
        PastFiles.ReadFeatures(Of(FeaturesFile), features);
        var users = new List<(string Id, UserState State, TurnedTo? Had)>();
        var met = PastFiles.ReadUsers(Of(UsersFile),
            (id, state, had) => users.Add((id, UserState.Read(state), had.Length == 0 ? null : TurnedTo.Of(had))), ct);
        var past = new PastState(contents, features, manifest.Last, manifest.Events, met);
        foreach (var (id, state, had) in users) past.Restore(id, state, had);
        await CheckErasedAsync(folder, past, ct);
        return past;
    }

    private async Task CheckAsync(string folder, StateManifest manifest, CancellationToken ct)
    {
        if (manifest.Format != StateManifest.CurrentFormat)
            throw new RecSysException($"its format is {manifest.Format}, this program reads {StateManifest.CurrentFormat}.");
        if (manifest.Forms != StateManifest.CurrentForms)
            throw new RecSysException($"its files are of other forms ({manifest.Forms}) than this program's "
                + $"({StateManifest.CurrentForms}).");
        if (manifest.FeatureHash != catalogue.Hash) throw new RecSysException("it was folded for other features than this program's.");
        if (manifest.Epoch != source.Window.Epoch)
            throw new RecSysException($"it is of epoch {manifest.Epoch}, the log is in epoch {source.Window.Epoch}.");
        if (Path.GetFileName(folder) != NameOf(manifest.Last.Position)) throw new RecSysException("it has the name of another one.");
        if (await source.MarkAsync(manifest.Last.Position, ct) != manifest.Last)
            throw new RecSysException($"it is of another log: entry {manifest.Last.Position} is not the one that it ends with.");
        foreach (var name in (string[])[ItemsFile, ContentsFile, FeaturesFile, UsersFile, ErasedFile])
        {
            var file = manifest.Files.FirstOrDefault(file => file.Path == name) ?? throw new RecSysException($"it has no {name}.");
            var digest = await FileDigest.OfAsync(Path.Combine(folder, name), ct);
            if (digest.Sha256 != file.Sha256) throw new RecSysException($"its file {name} is damaged.");
        }
    }

    // What erased users did counts as nobody's from the first entry on, so that nothing in a state may have come of them as themselves.
    private async Task CheckErasedAsync(string folder, PastState past, CancellationToken ct)
    {
        var then = PositionsFile.Read(Path.Combine(folder, ErasedFile));
        var now = await source.ErasedAsync(ct);
        if (now.Count(past.Knows) is > 0 and var known)
        {
            // Nobody shall keep what was erased.
            FolderPublication.Remove(folder);
            throw new RecSysException($"{known} users that were erased since are in it; it was removed.");
        }
        var hashes = now.Select(HashOf).ToHashSet();
        if (!then.All(hashes.Contains)) throw new RecSysException("users count as erased in it that the log does not know as erased.");
    }

    private async Task PruneAsync(DateOnly night, CancellationToken ct)
    {
        foreach (var folder in Existing())
        {
            var manifest = await NightJson.FindAsync<StateManifest>(Path.Combine(folder, ManifestFile), ct);
            if (manifest is null || manifest.Night < night.AddDays(-KeepDays)) FolderPublication.Remove(folder);
        }
    }

    // Those of the latest positions first; of folders with other names nothing is known.
    private IEnumerable<string> Existing() => !Directory.Exists(root) ? []
        : Directory.GetDirectories(root).Where(folder => PositionOf(folder) >= 0).OrderByDescending(PositionOf);

    private static long PositionOf(string folder) => Path.GetFileName(folder).Split('-') is [var epoch, { Length: 19 } position]
        && long.TryParse(epoch, out _) && long.TryParse(position, out var at) ? at : -1;

    private string NameOf(long position) => FormattableString.Invariant($"{source.Window.Epoch}-{position:D19}");

    private static long HashOf(string id) => (long)StableHash.Of(id);
}
