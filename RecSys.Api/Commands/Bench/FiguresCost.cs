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

    /// <summary>
    /// Nanoseconds of a request whose list is not taken and of one whose is; microseconds beside it of each counted list.
    /// </summary>
    public static object Measure(LiveState state)
    {
        var catalogue = FeatureCatalogue.Default;
        var sampler = new DriftSampler(catalogue);
        var windows = new DriftWindows(catalogue, TimeProvider.System);
        var (row, embedding) = (new float[catalogue.Count], new float[128]);
        var drift = 0L;
        var (taken, _) = Nanoseconds(Lists, _ =>
        {
            if (!sampler.TryBegin(out var sample))
            {
                var started = Stopwatch.GetTimestamp();
                sampler.Drain(each => windows.Count(each, reference: null, state.Catalog));
                drift += Stopwatch.GetTimestamp() - started;
                sampler.TryBegin(out sample);
            }
            sample!.Begin("v1.0.0", embedding);
            for (var place = 0; place < Places; place++) sample.Add(place, 0.1f, row);
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
