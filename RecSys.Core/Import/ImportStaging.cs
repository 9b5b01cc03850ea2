using System.Diagnostics;
using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Import.Meaning;
using RecSys.Core.Storage;

namespace RecSys.Core.Import;

/// <summary>
/// Takes what was parsed, on disk beyond some memory, and, once all files have been found in order, appends it to the log in chunks: items,
/// users, and the events in time order. What is stored stays stored when the import ends early; a second run finds it there and goes on
/// behind it.
/// </summary>
internal sealed class ImportStaging : IDisposable
{
    // Fewer events are stored faster than an index is made anew.
    private const int LongImport = 50_000;

    private readonly ImportTarget target;
    private readonly ImportOptions options;
    private readonly MeaningRules meaning;
    private readonly RecordSpool users;
    private readonly RecordSpool items;
    private readonly EventSorter events;
    private readonly StagingTally tally = new();
    private readonly PointTwins twins;
    private readonly List<(string Unit, long Stored, long Total)> kept = [];
    private readonly long started = Stopwatch.GetTimestamp();

    /// <param name="target">Where it goes.</param>
    /// <param name="options">The temporary files go to <c>imports/</c> in its data folder, and what an import that was killed left there is
    /// deleted.</param>
    internal ImportStaging(ImportTarget target, ImportOptions options)
    {
        (this.target, this.options) = (target, options);
        MeaningRules.RefuseContradiction(options.Positive, options.Negative);
        meaning = new MeaningRules(options.Positive, options.Negative, MeaningFile.ReadScale(MeaningFile.ScalePathOf(options.DataFolder)));
        var folder = Path.Combine(options.DataFolder, "imports");
        Directory.CreateDirectory(folder);
        Clear(folder);
        twins = new PointTwins(target.Contents);
        (users, items, events) = (new RecordSpool(folder), new RecordSpool(folder), new EventSorter(folder));
    }

    /// <summary>What ratings were taken for, see <see cref="MeaningRules.Found"/>, <see cref="MeaningRules.OffScale"/> and
    /// <see cref="MeaningRules.Unreachable"/>, and of records that are there twice.</summary>
    internal IEnumerable<string> Notes =>
        new[] { meaning.Found, meaning.OffScale, meaning.Unreachable, twins.Found }.OfType<string>();

    internal void Add(User user) => users.Add(user);

    internal void Add(Item item) => items.Add(item);

    /// <summary>Takes in a rating whose meaning the importer states: it tells the scale all the same.</summary>
    internal void Observe(double rating) => meaning.Observe(rating);

    internal void Add(Event e)
    {
        meaning.Observe(e);
        events.Add(e);
    }

    /// <exception cref="RecSysException">The store failed; the message says what it kept all the same.</exception>
    internal async Task StoreAsync(IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        try
        {
            await StoreAllAsync(progress, ct);
        }
        catch (RecSysException failure) when (!options.DryRun)
        {
            throw new RecSysException($"{failure.Message} {Kept()}", failure);
        }
    }

    private string Kept()
    {
        var parts = kept.Where(part => part.Stored > 0).Select(part =>
            string.Create(CultureInfo.InvariantCulture, $"{part.Stored:#,0} of {part.Total:#,0} {part.Unit}")).ToArray();
        return parts.Length == 0
            ? "Nothing of this import was stored; give the same command again when that is mended."
            : $"This import stored {string.Join(", ", parts)}, which stay; the same command goes on behind them.";
    }

    private async Task StoreAllAsync(IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        if (!options.DryRun && options.Given is { } given) MeaningFile.WriteGiven(options.DataFolder, given);
        await StoreAsync(items.Changes(items: true), "store items", items.Count, "items", progress, ct);
        await StoreAsync(users.Changes(items: false), "store users", users.Count, "users", progress, ct);
        if (events.Count == 0) return;
        if (!options.DryRun && meaning.Scale is { } scale) MeaningFile.WriteScale(MeaningFile.ScalePathOf(options.DataFolder), scale);
        tally.Profiles = await KnownUsers.ReadAsync(target.Contents, ct);
        await using var gap = await IsLongAsync(ct) ? await target.Log.WithoutUserIndexAsync(ct) : null;
        await StoreAsync(
            events.Sorted().Select(LogChange (e) => new EventChange(meaning.Judge(e))), "store events", events.Count, "events", progress,
                ct);
    }

    /// <summary>What became of everything since this was made.</summary>
    internal async Task<ImportReport> ReportAsync(ImportLedger ledger, CancellationToken ct)
    {
        var elapsed = Stopwatch.GetElapsedTime(started);
        return await tally.ReportAsync(ledger, users.Replaced + items.Replaced, target.Contents, elapsed, ct) with
        {
            DryRun = options.DryRun, Staged = events.Count + users.Added + items.Added,
        };
    }

    public void Dispose()
    {
        users.Dispose();
        items.Dispose();
        events.Dispose();
    }

    // At least as long as the log that it goes to, and nobody else is there.
    private async Task<bool> IsLongAsync(CancellationToken ct) => !options.DryRun && events.Count >= LongImport && target.Pace.IsAlone
        && events.Count >= (await target.Contents.CountAsync(ct)).Events;

    private async Task StoreAsync(IEnumerable<LogChange> changes, string phase, long total, string unit, IProgress<WorkProgress>? progress,
        CancellationToken ct)
    {
        var rehearsal = options.DryRun ? new ImportRehearsal(target.Contents) : null;
        var done = 0L;
        kept.Add((unit, 0, total));
        await foreach (var chunk in ReadAhead.ChunksAsync(changes, ImportPace.MostAlone, ct))
        {
            for (var from = 0; from < chunk.Count;)
            {
                var begun = Stopwatch.GetTimestamp();
                var part = chunk.GetRange(from, Math.Min(target.Pace.ChunkSize, chunk.Count - from));
                var append = rehearsal is null ? await target.Log.ImportAsync(part, ct)
                    : new LogAppend(await rehearsal.TryAsync(part, ct), []);
                for (var i = 0; i < part.Count; i++) tally.Count(part[i], append.Results[i]);
                tally.CountCameIn(part, append);
                if (options.WholeIds == true) await twins.LookAsync(part, append.Results, ct);
                from += part.Count;
                done += part.Count;
                kept[^1] = (unit, done, total);
                progress?.Report(new WorkProgress(phase, done, total, unit));
                if (rehearsal is null) await target.Pace.PauseAsync(part.Count, Stopwatch.GetElapsedTime(begun), ct);
            }
        }
    }

    // An import that runs beside this one keeps its files open for writing or reading; deleting them would not stop it, but they are young.
    private static void Clear(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*.tmp"))
        {
            if (File.GetLastWriteTimeUtc(path) < TimeProvider.System.GetUtcNow().AddDays(-1).UtcDateTime) File.Delete(path);
        }
    }
}
