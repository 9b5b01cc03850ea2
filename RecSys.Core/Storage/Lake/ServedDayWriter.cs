using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Lake;

/// <summary>Writes one day of served records, in the order of their times.</summary>
internal sealed class ServedDayWriter : IDisposable
{
    private readonly ILakePublication publication;
    private readonly LakeFileWriter places;
    private readonly SortedDictionary<string, long> kinds = new(StringComparer.Ordinal);
    private long records;

    /// <param name="publication">Disposed of with this.</param>
    /// <param name="rowsPerFile">Most rows of one file.</param>
    internal ServedDayWriter(ILakePublication publication, int rowsPerFile)
    {
        this.publication = publication;
        places = new LakeFileWriter(LakeSchema.Served, publication.Folder, rowsPerFile);
    }

    /// <param name="record">The one behind the last.</param>
    /// <param name="itemIds">Of its places.</param>
    internal void Add(ServedRecord record, IReadOnlyList<string?> itemIds)
    {
        records++;
        if (record.Items.Count == 0) Add(record, null, null, ServedRows.NoPlace);
        for (var place = 0; place < record.Items.Count; place++)
            Add(record, place, itemIds[place], LakeNames.Of(record.Items[place].Slot));
    }

    /// <inheritdoc cref="LogDayWriter.FinishAsync"/>
    internal async Task<(LakeManifest Manifest, bool IsOurs)> FinishAsync(LakeManifest draft, CancellationToken ct)
    {
        var manifest = draft with { Entries = records, RowsByKind = kinds, Files = await places.FinishAsync(ct) };
        return (manifest, await publication.CommitAsync(manifest, ct));
    }

    public void Dispose()
    {
        places.Dispose();
        publication.Dispose();
    }

    private void Add(ServedRecord record, int? place, string? itemId, string kind)
    {
        kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
        ServedRows.Write(places.Begin(), record, place, itemId);
        places.End();
    }
}
