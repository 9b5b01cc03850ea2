using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Lake;

/// <summary>Writes one day of the log.</summary>
internal sealed class LogDayWriter : IDisposable
{
    private readonly ILakePublication publication;
    private readonly LakeFileWriter events;
    private readonly LakeFileWriter changes;
    private readonly ChangeRows changeRows = new();
    private readonly SortedDictionary<string, long> kinds = new(StringComparer.Ordinal);

    /// <param name="publication">Disposed of with this.</param>
    /// <param name="rowsPerFile">Most rows of one file.</param>
    internal LogDayWriter(ILakePublication publication, int rowsPerFile)
    {
        this.publication = publication;
        events = new LakeFileWriter(LakeSchema.Events, publication.Folder, rowsPerFile);
        changes = new LakeFileWriter(LakeSchema.Changes, publication.Folder, rowsPerFile);
    }

    /// <param name="entry">The one behind the last.</param>
    /// <param name="erased">Of an erasure: everybody whom it made nobody.</param>
    internal void Add(LogEntry entry, IReadOnlyList<string>? erased)
    {
        var kind = LakeNames.Of(entry.Change.Kind);
        kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
        if (entry.Change is EventChange { Event: var e })
        {
            EventRows.Write(events.Begin(), entry, e);
            events.End();
            return;
        }
        changeRows.Write(changes.Begin(), entry, erased);
        changes.End();
    }

    /// <summary>Publishes the day.</summary>
    /// <param name="draft">Without files and counts.</param>
    /// <param name="ct">Stops before the day is visible.</param>
    /// <returns>What was to be published, and whether it was: false when another export had published the day.</returns>
    internal async Task<(LakeManifest Manifest, bool IsOurs)> FinishAsync(LakeManifest draft, CancellationToken ct)
    {
        IReadOnlyList<LakeFile> files = [.. await events.FinishAsync(ct), .. await changes.FinishAsync(ct)];
        var manifest = draft with
        {
            Entries = files.Sum(file => file.Rows),
            LastPosition = draft.FirstPosition + files.Sum(file => file.Rows) - 1,
            RowsByKind = kinds,
            Files = files,
        };
        return (manifest, await publication.CommitAsync(manifest, ct));
    }

    public void Dispose()
    {
        events.Dispose();
        changes.Dispose();
        publication.Dispose();
    }
}
