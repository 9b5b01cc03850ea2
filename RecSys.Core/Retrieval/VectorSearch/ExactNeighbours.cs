using RecSys.Core.Domain;

namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>
/// The true nearest rows of some queries, found by scanning everything: what the recall of an approximate index is measured against. Rows
/// are read once, a tile at a time, and every query looks at a tile while the cache holds it.
/// </summary>
public sealed class ExactNeighbours
{
    private const int TileRows = 1024;
    private const int ReadRows = 1 << 16;

    private readonly long[][] ids;

    internal ExactNeighbours(long[][] ids, int k)
    {
        this.ids = ids;
        K = k;
    }

    /// <summary>Neighbours per query, fewer only where there are fewer rows.</summary>
    public int K { get; }
    public int Queries => ids.Length;

    /// <summary>Row numbers, best first.</summary>
    public ReadOnlySpan<long> Of(int query) => ids[query];

    /// <param name="rows">What is searched.</param>
    /// <param name="queries">Queries × dimension.</param>
    /// <param name="k">Neighbours wanted.</param>
    /// <param name="progress">Rows scanned.</param>
    /// <param name="cancellationToken">Stops between tiles.</param>
    public static ExactNeighbours Find(
        IVectorRows rows, ReadOnlyMemory<float> queries, int k, IProgress<WorkProgress>? progress = null,
            CancellationToken cancellationToken = default)
    {
        var dimension = rows.Dimension;
        var count = queries.Length / dimension;
        k = Math.Min(k, rows.Count);
        var tops = new TopKeys[count];
        for (var q = 0; q < count; q++) tops[q] = new TopKeys(new ulong[TopKeys.CapacityFor(k, TileRows)], k, TileRows);

        var part = new float[Math.Min(ReadRows, rows.Count) * dimension];
        for (var first = 0; first < rows.Count; first += ReadRows)
        {
            var size = Math.Min(ReadRows, rows.Count - first);
            rows.Read(first, part.AsSpan(0, size * dimension));
            // A query belongs to one thread, so its rows arrive in order.
            var workers = Math.Min(count, Environment.ProcessorCount);
            Parallel.For(0, workers, worker =>
            {
                Span<float> scores = stackalloc float[TileRows];
                for (var tile = 0; tile < size; tile += TileRows)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var length = Math.Min(TileRows, size - tile);
                    var at = part.AsSpan(tile * dimension, length * dimension);
                    for (var q = worker; q < count; q += workers)
                    {
                        ExactIndex.Score(queries.Span.Slice(q * dimension, dimension), at, scores[..length]);
                        tops[q].Offer(scores[..length], first + tile);
                    }
                }
            });
            progress?.Report(new WorkProgress("find true neighbours", first + size, rows.Count, "vectors"));
        }

        var found = new long[count][];
        var scratch = new float[k];
        for (var q = 0; q < count; q++)
        {
            var list = new long[k];
            found[q] = list[..tops[q].Drain(list, scratch)];
        }
        return new ExactNeighbours(found, k);
    }

    /// <summary>The share of the true neighbours of a query that are among the found ones.</summary>
    public double Recall(int query, ReadOnlySpan<long> found)
    {
        var truth = ids[query];
        if (truth.Length == 0) return 1;
        var known = new HashSet<long>(truth);
        var hits = 0;
        foreach (var id in found) hits += known.Remove(id) ? 1 : 0;
        return (double)hits / truth.Length;
    }
}
