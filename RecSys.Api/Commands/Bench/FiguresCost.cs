using System.Diagnostics;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Features;
using RecSys.Core.Models.Reference;
using RecSys.Core.Monitoring.Business;
using RecSys.Core.Monitoring.Drift;
using RecSys.Core.Pipeline;

namespace RecSys.Api.Commands.Bench;

/// <summary>What business figures and drift cost: on the request's thread, and beside it.</summary>
internal static class FiguresCost
{
    private const int Lists = 20_000;
    private const int Places = ListSample.MostRows;

    // Rows, items and embeddings to take in turn; no multiple of the places, so that no two lists are alike for long.
    private const int Drawings = 997;

    /// <summary>
    /// Nanoseconds of a request whose list is not taken and of one whose is; microseconds beside it of each counted list, which is held
    /// against the champion's reference as a server does it, items, features and embeddings by chance.
    /// </summary>
    /// <param name="state">Has the items.</param>
    /// <param name="version">The champion.</param>
    /// <param name="reference">Its reference.</param>
    /// <exception cref="RecSysException">The reference has no categories or no embeddings, so that counting would cost less.</exception>
    public static object Measure(LiveState state, string version, DriftReference? reference)
    {
        if (reference is not { Categories: not null, Embedding: { } embeddings })
        {
            throw new RecSysException(
                $"{version} has no whole reference of drift, so counting would cost less than usual. Train a new model.");
        }
        var catalogue = FeatureCatalogue.Default;
        var sampler = new DriftSampler(catalogue);
        var windows = new DriftWindows(catalogue, TimeProvider.System);
        var random = new Random(1);
        var rows = Drawn(random, Drawings * catalogue.Count, low: 0, high: 10);
        var vectors = Drawn(random, Drawings * embeddings.Mean.Length, low: -1, high: 1);
        int[] items = [.. Enumerable.Range(0, Drawings).Select(_ => random.Next(state.Catalog.Count))];
        var (drift, drawing) = (0L, 0);
        var (taken, _) = Nanoseconds(Lists, _ =>
        {
            if (!sampler.TryBegin(out var sample))
            {
                var started = Stopwatch.GetTimestamp();
                sampler.Drain(each => windows.Count(each, reference, state.Catalog));
                drift += Stopwatch.GetTimestamp() - started;
                sampler.TryBegin(out sample);
            }
            sample!.Begin(version, vectors.AsSpan(drawing * embeddings.Mean.Length, embeddings.Mean.Length));
            for (var place = 0; place < Places; place++)
            {
                drawing = (drawing + 1) % Drawings;
                sample.Add(items[drawing], 0.1f, rows.AsSpan(drawing * catalogue.Count, catalogue.Count));
            }
            sampler.Take(sample);
        });
        while (sampler.TryBegin(out _))
        {
        }
        var (refused, bytes) = Nanoseconds(Lists * 50, _ => sampler.TryBegin(out var _));
        var driftMs = drift * 1000.0 / Stopwatch.Frequency;
        return new
        {
            drift_ns_not_taken = Math.Round(refused, 2),
            drift_bytes_not_taken = bytes,
            drift_ns_taken = Math.Round(taken - driftMs * 1e6 / Lists, 1),
            drift_us_counted = Math.Round(driftMs * 1000 / Lists, 3),
            business_us_counted = Math.Round(Business() / 1000, 3),
        };
    }

    private static float[] Drawn(Random random, int count, float low, float high) =>
        [.. Enumerable.Range(0, count).Select(_ => low + random.NextSingle() * (high - low))];

    // A list of twenty places, each reported, and a click.
    private static double Business()
    {
        var ledger = new BusinessLedger(CandidateSourceNames.ByBit, currency: null, new BusinessMetrics(new PlainMeters()));
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        ledger.Turn(now);
        return Nanoseconds(Lists, i =>
        {
            var list = new CountedList(
                $"req_{i}", now, Assignment.Control, "home", ["device:mobile", "user:known", "age:25-34", "gender:female"], Personal: true,
                [.. Enumerable.Range(0, Places)], [.. Enumerable.Repeat(3, Places)]);
            ledger.Count(list);
            for (var place = 0; place < Places; place++) ledger.Count(list, Event(list, place, EventType.Impression, now));
            ledger.Count(list, Event(list, 0, EventType.Click, now));
        }).Time;
    }

    private static ListOutcomeEvent Event(CountedList list, int item, EventType type, long now) =>
        new(list.RequestId, item, type, EventTypes.MeaningOf(type), now, double.NaN, "", RevenueSource.None);

    private static (double Time, double Bytes) Nanoseconds(int times, Action<int> work)
    {
        for (var i = 0; i < times / 10; i++) work(i);
        var (start, bytes) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
        for (var i = 0; i < times; i++) work(i);
        return (Stopwatch.GetElapsedTime(start).TotalNanoseconds / times,
            (double)(GC.GetAllocatedBytesForCurrentThread() - bytes) / times);
    }
}
