using RecSys.Core.Domain;
using RecSys.Core.Monitoring.Windows;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Monitoring.Windows;

public sealed class LatencyRecorderTests
{
    [Fact]
    public async Task Collect_WhileEightRecord_TakesEachRequestOnceAndWhole()
    {
        const int Recorders = 8, Each = 50_000;
        var recorder = new LatencyRecorder();
        var running = Recorders;
        var recording = Enumerable.Range(1, Recorders).Select(who => Task.Run(() =>
        {
            var random = new Random(who);
            var parts = new long[RequestParts.Count];
            for (var i = 0; i < Each; i++)
            {
                for (var part = 0; part < parts.Length; part++) parts[part] = random.Next(1, 1_000_000);
                // Each rest is the recorder's own number, so that a torn request shows.
                recorder.Record(parts.Sum() + who, parts, failed: i % 10 == 0);
                if (i % 5 == 0) recorder.Shed();
                if (i % 4 == 0) recorder.Refuse();
            }
            Interlocked.Decrement(ref running);
        })).ToList();
        var (requests, failures, rests, collections) = (0L, 0L, 0L, 0);
        var (shed, refusals) = (0L, 0L);
        bool more;
        do
        {
            more = Volatile.Read(ref running) > 0;
            var taken = new RequestLatencies();
            recorder.Collect(taken);
            Assert.All(Enumerable.Range(0, RequestLatencies.Series),
                series => Assert.Equal(taken.Requests - taken.Shed, taken[series].Count));
            Assert.Equal(taken[RequestLatencies.Total].Sum,
                Enumerable.Range(1, RequestLatencies.Series - 1).Sum(series => taken[series].Sum));
            (requests, failures) = (requests + taken.Requests, failures + taken.Failures);
            (shed, refusals) = (shed + taken.Shed, refusals + taken.Refusals);
            (rests, collections) = (rests + taken[RequestLatencies.Rest].Sum, collections + 1);
        }
        while (more);
        await Task.WhenAll(recording);

        Assert.Equal((Recorders * Each / 5, Recorders * Each / 4), (shed, refusals));
        Assert.Equal((Recorders * Each + shed, Recorders * Each / 10 + shed), (requests, failures));
        Assert.Equal(Each * Enumerable.Range(1, Recorders).Sum(), rests);
        Assert.True(collections > 3, $"Only {collections} collections met the recorders.");
    }

    [Fact]
    public void Record_Warm_AllocatesNothing()
    {
        var recorder = new LatencyRecorder();
        var parts = new long[RequestParts.Count];

        Assert.Equal(0, Allocations.OfWarm(1000, () =>
        {
            recorder.Record(5_000_000, parts, failed: false);
            recorder.Shed();
            recorder.Refuse();
        }));
    }
}
