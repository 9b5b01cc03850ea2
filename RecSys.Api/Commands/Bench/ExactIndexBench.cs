using System.CommandLine;
using System.Diagnostics;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json;
using RecSys.Core.Retrieval.VectorSearch;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// <c>bench exact-index</c>: one search of the exact index on one thread, beside the plain way (a dot product per row, then a sort) and
/// beside what the memory gives, all in the same run. One JSON object per line.
/// </summary>
internal static class ExactIndexBench
{
    /// <summary>Larger than any processor cache, so that its sum shows the bandwidth of memory.</summary>
    private const int BeyondCacheFloats = 128 << 20;

    private const int Warmups = 5;

    internal static Command Create()
    {
        var count = CommonOptions.InRange(
            new Option<int>("--vectors") { Description = "Vectors in the index.", DefaultValueFactory = _ => 100_000 }, 1, 100_000_000);
        var dimension = CommonOptions.InRange(
            new Option<int>("--dimension") { Description = "Floats per vector.", DefaultValueFactory = _ => 128 }, 1, 65_536);
        var k = CommonOptions.InRange(
            new Option<int>("--top") { Description = "Results per search.", DefaultValueFactory = _ => 500 }, 1, 1_000_000);
        var repeats = CommonOptions.InRange(
            new Option<int>("--repeats") { Description = "Searches to time.", DefaultValueFactory = _ => 200 }, 1, 1_000_000);
        var command = new Command("exact-index", "Measures the exact vector index on one thread.") { count, dimension, k, repeats };
        command.SetAction(parsed => Run(parsed.GetValue(count), parsed.GetValue(dimension), parsed.GetValue(k), parsed.GetValue(repeats)));
        return command;
    }

    private static int Run(int count, int dimension, int k, int repeats)
    {
        var random = new Random(1);
        var vectors = new float[checked(count * dimension)];
        for (var i = 0; i < vectors.Length; i++) vectors[i] = random.NextSingle() - 0.5f;
        var queries = Enumerable.Range(0, 16).Select(
            _ => Enumerable.Range(0, dimension).Select(_ => random.NextSingle() - 0.5f).ToArray()).ToArray();
        using var index = new ExactIndex(vectors, dimension);
        k = Math.Min(k, count);
        var (ids, scores) = (new long[k], new float[k]);
        var (naiveScores, naiveIds) = (new float[count], new int[count]);
        var bytes = vectors.Length * (double)sizeof(float);

        var exact = Measure(repeats, n => index.Search(queries[n % queries.Length], ids, scores));
        var naive = Measure(Math.Max(3, repeats / 10), n => Naive(vectors, queries[n % queries.Length], naiveScores, naiveIds));
        var sameArray = Measure(Math.Max(3, repeats / 4), _ => Sum(vectors));
        var large = new float[BeyondCacheFloats];
        Array.Fill(large, 1f);
        var memory = Measure(5, _ => Sum(large));
        var streamed = bytes / sameArray.MedianMs * 1e3;
        var beyondCache = large.Length * (double)sizeof(float) / memory.MedianMs * 1e3;

        // The last search of each ran on a known query: the same ids prove that both did the work.
        index.Search(queries[0], ids, scores);
        Naive(vectors, queries[0], naiveScores, naiveIds);
        var agree = naiveIds.AsSpan(0, k).ToArray().Select(i => (long)i).Intersect(ids).Count();

        Print(new
        {
            bench = "exact-index",
            index = index.Description,
            top = k,
            best_ms = exact.BestMs,
            median_ms = exact.MedianMs,
            p99_ms = exact.P99Ms,
            allocated_bytes_per_search = exact.Allocated,
            scanned_bytes_per_second = bytes / exact.MedianMs * 1e3,
            stream_same_array_bytes_per_second = streamed,
            stream_beyond_cache_bytes_per_second = beyondCache,
            share_of_stream_same_array = bytes / exact.MedianMs * 1e3 / streamed,
            share_of_stream_beyond_cache = bytes / exact.MedianMs * 1e3 / beyondCache,
        });
        Print(new
        {
            bench = "exact-index/naive",
            how = "TensorPrimitives.Dot per row, Array.Sort",
            best_ms = naive.BestMs,
            median_ms = naive.MedianMs,
            p99_ms = naive.P99Ms,
            allocated_bytes_per_search = naive.Allocated,
            times_slower = naive.MedianMs / exact.MedianMs,
            same_ids_of_top = agree,
        });
        return 0;
    }

    private static int Naive(float[] vectors, float[] query, float[] scores, int[] ids)
    {
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = i;
            scores[i] = -TensorPrimitives.Dot<float>(query, vectors.AsSpan(i * query.Length, query.Length));
        }
        Array.Sort(scores, ids);
        return ids[0];
    }

    // Eight accumulators hide the latency of the additions, so memory is the only limit.
    private static float Sum(float[] values)
    {
        var wide = MemoryMarshal.Cast<float, Vector<float>>(values);
        Vector<float> a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default;
        for (var i = 0; i + 8 <= wide.Length; i += 8)
        {
            a += wide[i];
            b += wide[i + 1];
            c += wide[i + 2];
            d += wide[i + 3];
            e += wide[i + 4];
            f += wide[i + 5];
            g += wide[i + 6];
            h += wide[i + 7];
        }
        return Vector.Sum(a + b + c + d + e + f + g + h);
    }

    private static Timing Measure<T>(int repeats, Func<int, T> work)
    {
        for (var n = 0; n < Warmups; n++) work(n);
        var times = new double[repeats];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var n = 0; n < repeats; n++)
        {
            var start = Stopwatch.GetTimestamp();
            work(n);
            times[n] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        var allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / repeats;
        Array.Sort(times);
        return new Timing(times[0], times[repeats / 2], times[(int)Math.Ceiling(repeats * 0.99) - 1], allocated);
    }

    private static void Print<T>(T line) => Console.WriteLine(JsonSerializer.Serialize(line));

    private readonly record struct Timing(double BestMs, double MedianMs, double P99Ms, long Allocated);
}
