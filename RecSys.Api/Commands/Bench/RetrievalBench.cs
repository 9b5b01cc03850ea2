using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using RecSys.Api.Hosting;
using RecSys.Core.Domain;
using RecSys.Core.Retrieval.VectorSearch;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// <c>bench retrieval</c>: builds an index of synthetic items, tunes it, and measures every setting of its curve with users that the tuning
/// has not seen; the last line is the tuned setting. The searches through <see cref="FaissIndex"/> and the bare C calls take turns in one
/// run.
/// </summary>
internal static class RetrievalBench
{
    private const int Top = VectorIndexBuilder.RecallDepth;
    private const int TuningUsers = 200;
    private const int Users = 200;

    internal static Command Create()
    {
        var items = CommonOptions.InRange(
            new Option<int>("--items") { Description = "Items in the index", DefaultValueFactory = _ => 1_000_000 }, 1000, 100_000_000);
        var index = new Option<string>(
            "--index") { Description = "auto, or a FAISS factory string", DefaultValueFactory = _ => RetrievalOptions.Auto };
        var cache = new Option<string?>(
            "--cache") { Description = "Folder that keeps built indexes for the next run", HelpName = "folder" };
        var recall = CommonOptions.InRange(
            new Option<double>("--recall") { Description = "Recall to tune to", DefaultValueFactory = _ => 0.95 }, 0.01, 1);
        var repeats = CommonOptions.InRange(
            new Option<int>("--repeats") { Description = "Times every user searches at the tuned setting", DefaultValueFactory = _ => 5 },
            1, 1000);
        var command = new Command("retrieval",
            "Measures a FAISS index: recall against time, throughput, and the cost of the binding") { items, index, cache, recall,
            repeats };
        command.SetAction((parsed, token) =>
        {
            var options = Settings.Retrieval();
            (options.Index, options.TargetRecall, options.Device) = (parsed.GetValue(index)!, parsed.GetValue(recall), "cpu");
            Run(parsed.GetValue(items), options, parsed.GetValue(cache), parsed.GetValue(repeats), token);
            return Task.FromResult(0);
        });
        return command;
    }

    private static void Run(int count, RetrievalOptions options, string? cache, int repeats, CancellationToken cancellationToken)
    {
        var rows = new SyntheticItems(count);
        var progress = new PhaseTimes();
        var users = rows.Users(TuningUsers, Users);
        var built = RetrievalCache.Load(cache, count, options)
            ?? VectorIndexBuilder.Build(rows, options, rows.Users(0, TuningUsers), progress, cancellationToken);
        if (built.Index is not FaissIndex index)
            throw new RecSysException($"There is no FAISS index to measure: {built.Why}. Use bench exact-index for exact search.");
        using var _ = index;
        if (built.Shortfall is { } shortfall) Console.Error.WriteLine($"warning: {shortfall}");
        RetrievalCache.Save(cache, count, options, built);
        var truth = RetrievalCache.LoadTruth(cache, count, Users) ?? ExactNeighbours.Find(rows, users, Top, progress, cancellationToken);
        RetrievalCache.SaveTruth(cache, count, truth);

        // Generation and truth leave garbage; what stays is what serving would hold.
        GC.Collect();
        foreach (var point in built.Curve) Print(Measure(built, index, point.Value, users, truth, 1, count));
        Print(Measure(built, index, built.Chosen!.Value, users, truth, repeats, count));
    }

    private static Dictionary<string,
        object> Measure(BuiltIndex built, FaissIndex index, int setting, float[] users, ExactNeighbours truth, int repeats, int count)
    {
        if (built.Parameter is { } parameter) index.Native.SetParameter(parameter, setting);
        var dimension = index.Dimension;
        var k = truth.K;
        var (ids, scores) = (new long[k], new float[k]);
        var (binding, capi) = (new double[Users * repeats], new double[Users * repeats]);
        double recall = 0;
        for (var n = 0; n < binding.Length; n++)
        {
            // The two ways never search for the same user in a row: the second would find everything in the cache.
            binding[n] = Bound(index, users.AsMemory(n % Users * dimension, dimension), scores, ids);
            if (n < Users) recall += truth.Recall(n, ids) / Users;
            var other = (n + Users / 2) % Users;
            capi[n / Users * Users + other] = Bare(index, users.AsMemory(other * dimension, dimension), scores, ids);
        }
        // What disturbs a search only adds to it, so the best of the repeats is what it costs.
        var overhead = Enumerable.Range(0, Users).Sum(user => Best(binding, user)) / Enumerable.Range(0, Users).Sum(
            user => Best(capi, user)) - 1;
        Array.Sort(binding);
        Array.Sort(capi);
        return new Dictionary<string, object>
        {
            ["bench"] = "retrieval",
            ["items"] = count,
            ["index"] = built.Parameter is null ? built.Kind
                : string.Create(CultureInfo.InvariantCulture, $"{built.Kind} {built.Parameter}={setting}"),
            ["faiss"] = index.Native.Api.Version,
            ["build_s"] = Math.Round(built.BuildSeconds, 1),
            ["rss_gb"] = Math.Round(Environment.WorkingSet / 1e9, 2),
            ["recall@500"] = Math.Round(recall, 4),
            ["ms_p50"] = Math.Round(Percentile(binding, 0.5), 3),
            ["ms_p99"] = Math.Round(Percentile(binding, 0.99), 3),
            ["qps_all_cores"] = Math.Round(Throughput(index, users, repeats), 1),
            ["capi_ms_p50"] = Math.Round(Percentile(capi, 0.5), 3),
            ["overhead"] = Math.Round(overhead, 4),
        };
    }

    private static double Bound(FaissIndex index, ReadOnlyMemory<float> query, float[] scores, long[] ids)
    {
        var start = Stopwatch.GetTimestamp();
        index.Search(query.Span, ids, scores);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static unsafe double Bare(FaissIndex index, ReadOnlyMemory<float> query, float[] scores, long[] ids)
    {
        var api = index.Native.Api;
        var before = api.SetThreads(1);
        var elapsed = index.Native.Use(pointer =>
        {
            fixed (float* x = query.Span, s = scores)
            fixed (long* i = ids)
            {
                var start = Stopwatch.GetTimestamp();
                var code = api.IndexSearch(pointer, 1, x, ids.Length, s, i);
                var time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                api.Check(code, "search");
                return time;
            }
        });
        api.SetThreads(before);
        return elapsed;
    }

    private static double Throughput(FaissIndex index, float[] users, int repeats)
    {
        var searches = 0;
        var start = Stopwatch.GetTimestamp();
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() =>
        {
            var (ids, scores) = (new long[Top], new float[Top]);
            for (int n; (n = Interlocked.Increment(ref searches)) <= Users * repeats;)
                index.Search(users.AsSpan((n - 1) % Users * index.Dimension, index.Dimension), ids, scores);
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return Users * repeats / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Best(double[] times, int user)
    {
        var best = double.MaxValue;
        for (var n = user; n < times.Length; n += Users) best = Math.Min(best, times[n]);
        return best;
    }

    private static double Percentile(double[] sorted, double share) => sorted[Math.Max(0, (int)Math.Ceiling(sorted.Length * share) - 1)];

    private static void Print(Dictionary<string, object> line) => Console.WriteLine(JsonSerializer.Serialize(line));

    /// <summary>Tells on the error stream how long each phase took, so that the output stays JSON.</summary>
    private sealed class PhaseTimes : IProgress<WorkProgress>
    {
        private string phase = "";
        private long started = Stopwatch.GetTimestamp();

        public void Report(WorkProgress value)
        {
            if (value.Phase != phase) (phase, started) = (value.Phase, Stopwatch.GetTimestamp());
            if (value.Note is not null || value.Done == value.Total)
                Console.Error.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{value.Phase}: {value.Note ?? $"{value.Done} {value.Unit}"} "
                    + $"({Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s)"));
        }
    }
}
