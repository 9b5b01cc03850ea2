using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using RecSys.Core.Domain;

namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>Builds the index that the options ask for and tunes it to the wanted recall.</summary>
public static class VectorIndexBuilder
{
    /// <summary>Neighbours per query that recall counts: as many candidates as a request retrieves.</summary>
    public const int RecallDepth = 500;

    private const int PartRows = 1 << 16;
    private const int MostQueries = 200;
    private const int Seed = 20260101;

    /// <summary>Builds over vectors in memory. The exact index refers to them, FAISS copies them.</summary>
    /// <param name="vectors">Items × dimension, row-major; ids are row numbers.</param>
    /// <param name="dimension">Floats per vector.</param>
    /// <param name="options">What to build, and the recall to reach.</param>
    /// <param name="heldOutQueries">User vectors × dimension that the recall is measured with, of which 200 are enough; empty: items stand
    /// in for users.</param>
    /// <param name="progress">One phase each for training, adding, finding true neighbours and tuning.</param>
    /// <param name="cancellationToken">Stops between the parts.</param>
    /// <exception cref="RecSysException">A vector is damaged, FAISS or memory or a GPU is missing, or the kind does not exist: what to
    /// do.</exception>
    public static BuiltIndex Build(
        ReadOnlyMemory<float> vectors, int dimension, RetrievalOptions options, ReadOnlyMemory<float> heldOutQueries = default,
        IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (vectors.Length % dimension != 0)
            throw new ArgumentException($"{vectors.Length} values are not rows of {dimension}.", nameof(vectors));
        return Build(new MemoryVectors(vectors, dimension), options, heldOutQueries, progress, cancellationToken);
    }

    /// <summary>Builds over vectors that are read in parts: a FAISS index then needs only its own memory.</summary>
    /// <inheritdoc cref="Build(ReadOnlyMemory{float}, int, RetrievalOptions, ReadOnlyMemory{float}, IProgress{WorkProgress}?,
    /// CancellationToken)"/>
    public static BuiltIndex Build(
        IVectorRows rows, RetrievalOptions options, ReadOnlyMemory<float> heldOutQueries = default,
        IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Build(rows, options, heldOutQueries, IndexMemory.Available(), progress, cancellationToken);

    internal static BuiltIndex Build(
        IVectorRows rows, RetrievalOptions options, ReadOnlyMemory<float> heldOutQueries, long availableBytes,
        IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        if (heldOutQueries.Length % rows.Dimension != 0)
            throw new ArgumentException($"{heldOutQueries.Length} values are not queries of {rows.Dimension}.", nameof(heldOutQueries));
        var (kind, api, why) = Choose(rows.Count, options);
        if (kind is null) return Exact(rows, why, availableBytes, cancellationToken);

        kind.RequireEnough(rows.Count);
        IndexMemory.Require(kind.EstimateBytes(rows.Count, rows.Dimension), availableBytes,
            $"The index {kind.Description} of {rows.Count} vectors", rows);
        var index = NativeIndex.Create(api!, rows.Dimension, kind.Description);
        try
        {
            var start = Stopwatch.GetTimestamp();
            Train(index, kind, rows, progress, cancellationToken);
            Add(index, rows, progress, cancellationToken);
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

            var queries = Queries(rows, heldOutQueries);
            var truth = ExactNeighbours.Find(rows, queries, RecallDepth, progress, cancellationToken);
            var (curve, chosen) = IndexTuning.Tune(index, kind, queries, truth, options.TargetRecall, progress, cancellationToken);
            var name = kind.SearchParameter is { } parameter ? $"{kind.Description} {parameter}={chosen.Value}" : kind.Description;
            index = FaissGpu.Place(index, options.Device, out var gpu);
            return new BuiltIndex(
                new FaissIndex(index, name, gpu), kind.Description, why, seconds, kind.SearchParameter, curve, chosen,
                Shortfall(kind, chosen, options.TargetRecall));
        }
        catch
        {
            index.Dispose();
            throw;
        }
    }

    // The search is as good as it gets then, and the operator decides whether that will do.
    private static string? Shortfall(IndexKind kind, OperatingPoint chosen, double target)
    {
        if (chosen.Recall >= target) return null;
        var at = kind.SearchParameter is { } parameter
            ? string.Create(CultureInfo.InvariantCulture, $" (at {parameter}={chosen.Value}; more gains nothing)") : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"The index {kind.Description} finds {chosen.Recall:0.000} of the {RecallDepth} nearest items{at}, Retrieval:TargetRecall "
                + $"asks for {target}. Its vectors are too coarse for more: set Retrieval:Index to a finer kind such as SQfp16 or Flat "
                + $"behind the same lists, or lower the target.");
    }

    private static (IndexKind? Kind, FaissApi? Api, string Why) Choose(int count, RetrievalOptions options)
    {
        if (options.Index == RetrievalOptions.Exact) return (null, null, "Retrieval:Index is exact");
        if (options.Index != RetrievalOptions.Auto)
            return (new IndexKind(options.Index), FaissApi.Load(options.FaissLibrary), $"Retrieval:Index is {options.Index}");
        if (IndexKind.Auto(count, options) is not { } kind)
            return (null, null, $"{count} items are at most Retrieval:ExactUpTo ({options.ExactUpTo})");
        return FaissApi.TryLoad(options.FaissLibrary, out var api, out var reason)
            ? (kind, api, $"auto for {count} items") : (null, null, reason);
    }

    private static BuiltIndex Exact(IVectorRows rows, string why, long availableBytes, CancellationToken cancellationToken)
    {
        if (rows is not ContiguousVectors held)
        {
            var length = (long)rows.Count * rows.Dimension;
            if (length > Array.MaxLength)
                throw new RecSysException($"{rows.Count} vectors of {rows.Dimension} are more than the exact index can hold ({why}). "
                    + "Install FAISS (eng/setup.sh) and set Retrieval:Index to auto.");
            IndexMemory.Require(length * sizeof(float), availableBytes, $"The exact index of {rows.Count} vectors", rows);
            var vectors = GC.AllocateUninitializedArray<float>((int)length);
            rows.Read(0, vectors);
            held = new MemoryVectors(vectors, rows.Dimension);
        }
        for (var first = 0; first < held.Count; first += PartRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            RequireSound(held.Block(first, Math.Min(PartRows, held.Count - first)), first, rows.Dimension);
        }
        return new BuiltIndex(new ExactIndex(held), RetrievalOptions.Exact, why, 0, null, [], null, null);
    }

    private static void Train(NativeIndex index, IndexKind kind, IVectorRows rows, IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken)
    {
        if (index.IsTrained) return;
        cancellationToken.ThrowIfCancellationRequested();
        var size = kind.TrainingRows(rows.Count);
        progress?.Report(new WorkProgress("train the index", 0, size, "vectors"));
        var sample = Sample(rows, size);
        RequireSound(sample, null, rows.Dimension);
        index.Train(sample, Environment.ProcessorCount);
        progress?.Report(new WorkProgress("train the index", size, size, "vectors"));
    }

    private static void Add(NativeIndex index, IVectorRows rows, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        var part = new float[Math.Min(PartRows, rows.Count) * rows.Dimension];
        for (var first = 0; first < rows.Count; first += PartRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var at = part.AsSpan(0, Math.Min(PartRows, rows.Count - first) * rows.Dimension);
            rows.Read(first, at);
            RequireSound(at, first, rows.Dimension);
            index.Add(at, Environment.ProcessorCount);
            progress?.Report(new WorkProgress("add to the index", index.Count, rows.Count, "vectors"));
        }
    }

    private static ReadOnlyMemory<float> Queries(IVectorRows rows, ReadOnlyMemory<float> heldOut)
    {
        if (heldOut.Length == 0) return Sample(rows, Math.Min(rows.Count, MostQueries));
        foreach (var value in heldOut.Span)
        {
            if (!float.IsFinite(value))
                throw new RecSysException(
                    "The held-out queries hold a value that is not finite. Leave out users without a sound embedding.");
        }
        return heldOut[..Math.Min(heldOut.Length, MostQueries * rows.Dimension)];
    }

    /// <summary>One row at random out of each of <paramref name="size"/> equal stretches.</summary>
    private static float[] Sample(IVectorRows rows, int size)
    {
        var random = new Random(Seed);
        var sample = new float[(long)size * rows.Dimension];
        for (var i = 0; i < size; i++)
        {
            var from = (int)((long)i * rows.Count / size);
            var to = (int)((i + 1L) * rows.Count / size);
            rows.Read(random.Next(from, to), sample.AsSpan(i * rows.Dimension, rows.Dimension));
        }
        return sample;
    }

    private static void RequireSound(ReadOnlySpan<float> rows, int? first, int dimension)
    {
        for (var at = 0; at < rows.Length; at += dimension)
        {
            // A NaN or an infinity anywhere in the row makes the sum one, too.
            var norm = TensorPrimitives.SumOfSquares(rows.Slice(at, dimension));
            if (float.IsFinite(norm) && norm > 0) continue;
            var where = first is { } row ? $"Vector {row + at / dimension}" : "A vector of the training sample";
            throw new RecSysException($"{where} {(norm == 0 ? "holds only zeros" : "holds NaN, infinite or absurdly large numbers")}, so "
                + "it has no direction to search by. Repair or leave out that item's embedding.");
        }
    }
}
