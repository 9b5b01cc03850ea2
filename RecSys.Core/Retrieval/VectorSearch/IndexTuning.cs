using System.Diagnostics;
using RecSys.Core.Domain;

namespace RecSys.Core.Retrieval.VectorSearch;

/// <summary>Finds the cheapest search parameter that reaches a recall.</summary>
internal static class IndexTuning
{
    private const int LargestEffort = 1 << 14;

    /// <summary>A doubled effort that gains less has reached what the stored vectors can tell apart.</summary>
    private const double LeastGain = 0.001;

    /// <summary>
    /// Doubles the parameter until the recall is reached, then halves the interval between. A setting counts as good when its mean recall
    /// minus two standard errors reaches the target, so that it very likely holds for other queries, too. The index is left at the chosen
    /// setting.
    /// </summary>
    /// <returns>Everything measured, by rising value, and the chosen one; when none reaches the target, the cheapest that is practically as
    /// good as the best.</returns>
    public static (IReadOnlyList<OperatingPoint> Curve, OperatingPoint Chosen) Tune(
        NativeIndex index, IndexKind kind, ReadOnlyMemory<float> queries, ExactNeighbours truth, double target,
        IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        var measured = new SortedDictionary<int, OperatingPoint>();
        OperatingPoint At(int value)
        {
            if (measured.TryGetValue(value, out var known)) return known;
            cancellationToken.ThrowIfCancellationRequested();
            if (kind.SearchParameter is { } name) index.SetParameter(name, value);
            var point = Measure(index, value, queries, truth);
            measured[value] = point;
            progress?.Report(new WorkProgress(
                "tune the index", measured.Count, null, "settings",
                $"{kind.SearchParameter}={value} recall {point.Recall:0.000} in {point.Milliseconds:0.00} ms"));
            return point;
        }
        bool Good(OperatingPoint point) => point.Recall - 2 * point.StandardError >= target || point.Recall == 1;

        if (kind.SearchParameter is null) return ([At(0)], At(0));
        // HNSW explores at least as many nodes as it returns.
        var low = kind.Lists > 0 ? 1 : Math.Min(LargestEffort, truth.K);
        var highest = kind.Lists > 0 ? kind.Lists : LargestEffort;
        var high = low;
        while (!Good(At(high)) && high < highest)
        {
            low = high;
            high = Math.Min(highest, high * 2);
            if (high > low && At(high).Recall is > 0.5 and var recall && recall - At(low).Recall < LeastGain) break;
        }
        if (Good(At(high)))
        {
            // Within 3 % of the smallest good value is as close as the measurement is.
            while (high - low > Math.Max(1, low / 32))
            {
                var middle = (low + high) / 2;
                if (Good(At(middle))) high = middle;
                else low = middle;
            }
        }
        var best = measured.Values.Max(point => point.Recall);
        var chosen = Good(At(high)) ? At(high) : measured.Values.First(point => point.Recall > best - 2 * LeastGain);
        index.SetParameter(kind.SearchParameter, chosen.Value);
        return ([.. measured.Values], chosen);
    }

    public static OperatingPoint Measure(NativeIndex index, int value, ReadOnlyMemory<float> queries, ExactNeighbours truth)
    {
        var count = truth.Queries;
        var (ids, scores) = (new long[truth.K], new float[truth.K]);
        var (recalls, times) = (new double[count], new double[count]);
        // One unmeasured search wakes the caches.
        index.Search(queries.Span[..index.Dimension], scores, ids);
        for (var q = 0; q < count; q++)
        {
            var start = Stopwatch.GetTimestamp();
            index.Search(queries.Span.Slice(q * index.Dimension, index.Dimension), scores, ids);
            times[q] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            recalls[q] = truth.Recall(q, ids);
        }
        Array.Sort(times);
        var mean = recalls.Average();
        var variance = count > 1 ? recalls.Sum(recall => (recall - mean) * (recall - mean)) / (count - 1) : 0;
        return new OperatingPoint(value, mean, Math.Sqrt(variance / count), times[count / 2]);
    }
}
