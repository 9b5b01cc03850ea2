using System.Collections;
using RecSys.Core.Domain;

namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>Tells whether an index file is what it should be: readable, of the right shape, with every row in it once.</summary>
public static class IndexInspection
{
    private const int Probes = 4;
    private const int ProbeDepth = 100;

    /// <summary>
    /// Reads a file and looks at all of it but the vectors of inverted lists, which stay on disk. FAISS trusts its files, so a damaged one
    /// may end the process: call it in a process that nobody depends on.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="dimension">Floats per vector that it should have.</param>
    /// <param name="count">Vectors that it should have, numbered from 0.</param>
    /// <param name="library">As <see cref="RetrievalOptions.FaissLibrary"/>.</param>
    /// <exception cref="RecSysException">What is wrong with it.</exception>
    public static void Inspect(string path, int dimension, long count, string? library = null)
    {
        using var index = NativeIndex.Read(FaissApi.Load(library), path, map: true);
        Check(index, dimension, count);
    }

    /// <exception cref="RecSysException">The index does not hold the rows 0 to <paramref name="count"/> - 1 once each, or answers
    /// nonsense.</exception>
    internal static void Check(NativeIndex index, int dimension, long count)
    {
        if (index.Dimension != dimension) throw Bad($"holds vectors of {index.Dimension} floats, the items have {dimension}");
        if (index.Count != count) throw Bad($"holds {index.Count} vectors, there are {count} items");
        if (!index.IsTrained) throw Bad("was never trained");
        if (!index.IsInnerProduct) throw Bad("searches by distance, not by inner product");
        CheckCoverage(index, count);
        CheckAnswers(index, count);
    }

    // Kinds without inverted lists number their vectors themselves.
    private static void CheckCoverage(NativeIndex index, long count)
    {
        var lists = index.ListCount;
        if (lists == 0) return;
        var seen = new BitArray(checked((int)count));
        long total = 0;
        var ids = Array.Empty<long>();
        for (long list = 0; list < lists; list++)
        {
            var size = index.ListSize(list);
            total += size;
            if (size < 0 || total > count) throw Bad($"has more than {count} entries in its lists");
            if (ids.Length < size) ids = new long[Math.Max(size, ids.Length * 2)];
            index.ListIds(list, ids);
            foreach (var id in ids.AsSpan(0, (int)size))
            {
                if (id < 0 || id >= count) throw Bad($"names item row {id}, the catalogue ends at {count - 1}");
                if (seen[(int)id]) throw Bad($"holds item row {id} more than once");
                seen[(int)id] = true;
            }
        }
        if (total != count) throw Bad($"has {total} entries in its lists, there are {count} items");
    }

    private static void CheckAnswers(NativeIndex index, long count)
    {
        var random = new Random(1);
        var query = new float[index.Dimension];
        var k = (int)Math.Min(count, ProbeDepth);
        var (ids, scores) = (new long[k], new float[k]);
        for (var probe = 0; probe < Probes; probe++)
        {
            for (var i = 0; i < query.Length; i++) query[i] = random.NextSingle() - 0.5f;
            index.Search(query, scores, ids);
            for (var i = 0; i < k; i++)
            {
                if (ids[i] >= count) throw Bad($"finds item row {ids[i]}, the catalogue ends at {count - 1}");
                if (ids[i] >= 0 && !float.IsFinite(scores[i])) throw Bad("gives scores that are not numbers");
            }
        }
    }

    private static RecSysException Bad(string what) => new($"The index {what}. Build it again from this catalogue's embeddings.");
}
