using System.Text.Json;
using Microsoft.Extensions.Logging;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Merchandising;
using RecSys.Core.Storage;

namespace RecSys.Core.Events;

/// <summary>
/// Snapshots of the folded state in a folder, one subfolder each: written under a temporary name, checksummed, forced to the disk and
/// renamed, so that a folder with a final name is whole. The newest two are kept, and the last of each received day for some days and
/// bytes. A start reads the newest good one of this log.
/// </summary>
public sealed class StateSnapshots(string folder, IUserStateStore users, EventOptions options, TimeProvider time, EventMetrics metrics,
    ILogger<StateSnapshots> logger)
{
    /// <summary>Name of the folder within a data folder.</summary>
    public const string FolderName = "state";

    private const string ManifestFile = "manifest.json";
    private const string StoredMark = "users-stored";
    private const string Temporary = ".tmp-";
    private const int BufferBytes = 1 << 20;
    private static readonly TimeSpan TornAfter = TimeSpan.FromHours(1);

    /// <summary>Writes a snapshot, gives its users to the store and removes old ones.</summary>
    internal async Task WriteAsync(FrozenState state, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        var name = $"{state.Epoch}-{state.Position:D19}";
        var target = Path.Combine(folder, name);
        Directory.CreateDirectory(folder);
        CleanTorn();
        if (!Directory.Exists(target))
        {
            var temporary = Path.Combine(folder, Temporary + Guid.NewGuid().ToString("N"));
            try
            {
                await WriteAsync(state, temporary, ct);
                Directory.Move(temporary, target);
                DurableFile.FlushFolder(folder);
            }
            catch
            {
                if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
                throw;
            }
        }
        await StoreUsersAsync(target, ct);
        state.Users.MarkStored();
        var bytes = SizeOf(target);
        Prune(state.Epoch);
        var took = time.GetElapsedTime(started);
        metrics.SnapshotWritten(took);
        logger.SnapshotWritten(name, state.Users.Count, bytes, took);
    }

    /// <summary>The state of the newest good snapshot that belongs to the log, or an empty one to fold the whole log into.</summary>
    /// <param name="head">Where the log stands.</param>
    /// <param name="folds">Makes the other folds, empty ones; asked anew for each snapshot that is tried.</param>
    /// <param name="ct">Ends the reading.</param>
    public async Task<LiveState> ReadAsync(LogHead head, Func<IReadOnlyList<IEventFold>> folds, CancellationToken ct)
    {
        foreach (var candidate in Existing(head.Epoch))
        {
            try
            {
                var manifest = await CheckAsync(candidate, head, ct);
                var state = Read(candidate, manifest, [.. folds()]);
                if (!File.Exists(Path.Combine(candidate, StoredMark))) await StoreUsersAsync(candidate, ct);
                logger.SnapshotRead(Path.GetFileName(candidate), manifest.Position);
                return state;
            }
            catch (Exception exception)
                when (exception is RecSysException or IOException or UnauthorizedAccessException or JsonException or EndOfStreamException)
            {
                logger.SnapshotRefused(Path.GetFileName(candidate), exception.Message);
            }
        }
        // What the store has belongs to a state that is not there any more.
        await users.ClearAsync(ct);
        return new LiveState(head.Epoch, users, storeIsEmpty: true, options, folds());
    }

    private static async Task WriteAsync(FrozenState state, string path, CancellationToken ct)
    {
        Directory.CreateDirectory(path);
        var parts = new List<SnapshotPart>();
        foreach (var part in state.Parts.Append(state.Users))
        {
            ct.ThrowIfCancellationRequested();
            var file = FileOf(path, part.Name);
            await using (var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferBytes))
            {
                await using var checking = new CheckedStream(stream);
                part.Write(checking);
                stream.Flush(flushToDisk: true);
                parts.Add(new SnapshotPart(part.Name, part.FormatVersion, checking.Count, checking.Checksum));
            }
        }
        var manifest = new SnapshotManifest(SnapshotManifest.CurrentFormat, state.Epoch, state.Position, state.Received, parts);
        await DurableFile.ReplaceAsync(Path.Combine(path, ManifestFile), JsonSerializer.SerializeToUtf8Bytes(manifest), ct);
    }

    private async Task StoreUsersAsync(string path, CancellationToken ct)
    {
        await using (var stream =
            new FileStream(FileOf(path, SnapshotParts.Users), FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes))
            await FrozenUsers.StoreAsync(stream, users, ct);
        await DurableFile.ReplaceAsync(Path.Combine(path, StoredMark), ReadOnlyMemory<byte>.Empty, ct);
    }

    // Those of the log's epoch first, the newest first: positions of another epoch are no measure for those of this one.
    private string[] Existing(long epoch) => !Directory.Exists(folder)
        ? []
        : [.. Directory.GetDirectories(folder).Where(path => !Path.GetFileName(path).StartsWith(Temporary, StringComparison.Ordinal))
            .OrderByDescending(path => Path.GetFileName(path).StartsWith($"{epoch}-", StringComparison.Ordinal))
            .ThenByDescending(PositionOf)];

    private static long PositionOf(string path) =>
        Path.GetFileName(path).Split('-') is [_, var position] && long.TryParse(position, out var at) ? at : -1;

    private static async Task<SnapshotManifest> CheckAsync(string path, LogHead head, CancellationToken ct)
    {
        var text = await File.ReadAllBytesAsync(Path.Combine(path, ManifestFile), ct);
        var manifest = JsonSerializer.Deserialize<SnapshotManifest>(text) ?? throw new RecSysException("its manifest is empty.");
        if (manifest.Format != SnapshotManifest.CurrentFormat)
            throw new RecSysException($"its form is {manifest.Format}, this server reads {SnapshotManifest.CurrentFormat}.");
        if (manifest.Epoch != head.Epoch) throw new RecSysException($"it is of epoch {manifest.Epoch}, the log is in epoch {head.Epoch}.");
        if (manifest.Position > head.Position)
            throw new RecSysException($"it is of position {manifest.Position}, the log ends at {head.Position}.");
        if (manifest.Position > head.Resolved)
            throw new RecSysException($"it is of position {manifest.Position}, contributions are recorded up to {head.Resolved} only.");
        var buffer = new byte[BufferBytes];
        foreach (var part in manifest.Parts)
        {
            await using var stream = new FileStream(FileOf(path, part.Name), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            if (stream.Length != part.Bytes)
                throw new RecSysException($"its part {part.Name} has {stream.Length} bytes instead of {part.Bytes}.");
            await using var checking = new CheckedStream(stream);
            while (checking.Read(buffer) > 0) ct.ThrowIfCancellationRequested();
            if (checking.Checksum != part.Checksum) throw new RecSysException($"its part {part.Name} is damaged.");
        }
        return manifest;
    }

    private LiveState Read(string path, SnapshotManifest manifest, IEventFold[] folds)
    {
        var versions = manifest.Parts.ToDictionary(part => part.Name, part => part.Version);
        Require(versions, SnapshotParts.Catalog, ItemCatalogSnapshot.Version);
        Require(versions, SnapshotParts.Features, SnapshotParts.FeatureVersion);
        Require(versions, SnapshotParts.Clock, LogClock.FormatVersion);
        Require(versions, SnapshotParts.Users, UserImage.FormatVersion);
        if (versions.ContainsKey(SnapshotParts.Rules)) Require(versions, SnapshotParts.Rules, RulePart.Version);
        foreach (var fold in folds) Require(versions, fold.Name, fold.FormatVersion);

        var catalog = Read(path, SnapshotParts.Catalog, stream => ItemCatalog.Read(stream, FileOf(path, SnapshotParts.Catalog)));
        var features = Read(path, SnapshotParts.Features, stream => FeatureState.ReadFrom(stream, catalog, out _));
        var clock = Read(path, SnapshotParts.Clock, LogClock.Read);
        foreach (var fold in folds)
        {
            Read(path, fold.Name, stream =>
            {
                fold.Restore(stream);
                return true;
            });
        }
        var state = new LiveState(manifest.Epoch, catalog, features, clock,
            new UserTable(users, options.MaxUsersInMemory, storeIsEmpty: false), folds);
        var rules = versions.ContainsKey(SnapshotParts.Rules) ? Read(path, SnapshotParts.Rules, RulePart.Read) : RuleBook.Empty;
        state.StartAt(manifest.Position, manifest.Received, rules);
        return state;
    }

    private static T Read<T>(string path, string part, Func<Stream, T> read)
    {
        using var stream = new FileStream(FileOf(path, part), FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
        return read(stream);
    }

    private static void Require(Dictionary<string, int> versions, string part, int version)
    {
        if (!versions.TryGetValue(part, out var found)) throw new RecSysException($"it has no part {part}.");
        if (found != version) throw new RecSysException($"its part {part} has form {found}, this server reads {version}.");
    }

    // What another process is writing at this moment is young.
    private void CleanTorn()
    {
        var old = time.GetUtcNow().UtcDateTime - TornAfter;
        foreach (var torn in Directory.GetDirectories(folder, Temporary + "*").Where(path => Directory.GetLastWriteTimeUtc(path) < old))
            Directory.Delete(torn, recursive: true);
    }

    // The newest two stay; of the others the last of each received day, for some days, while they fit.
    private void Prune(long epoch)
    {
        var kept = new HashSet<DateTime>();
        var bytes = 0L;
        var oldest = time.GetUtcNow().UtcDateTime.Date.AddDays(-options.SnapshotDays);
        foreach (var path in Existing(epoch).Skip(2))
        {
            var day = DayOf(path);
            if (day is { } of && of >= oldest && kept.Add(of) && (bytes += SizeOf(path)) <= options.SnapshotBytes) continue;
            Directory.Delete(path, recursive: true);
        }
    }

    private static DateTime? DayOf(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<SnapshotManifest>(
                File.ReadAllBytes(Path.Combine(path, ManifestFile)))?.Received.UtcDateTime.Date;
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            return null;
        }
    }

    private static long SizeOf(string path) => new DirectoryInfo(path).EnumerateFiles().Sum(file => file.Length);

    private static string FileOf(string path, string part) => Path.Combine(path, $"{part}.bin");
}
