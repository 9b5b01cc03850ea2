using RecSys.Core.Monitoring.Alerts;

namespace RecSys.Tests.Monitoring.Alerts;

/// <summary>
/// A week in which nothing is wrong, with the noise of a real one, looked at as often as a server looks: 60,480 times.
/// </summary>
public sealed class QuietWeekTests
{
    private const int RequestsPerMinute = 600;

    // One request in ten thousand fails by chance, and one in five hundred takes long.
    private const double FailureShare = 0.0001, SlowShare = 0.002;

    [Fact]
    public async Task Week_WithNoise_HasNoRed_AndAtMostOneYellow()
    {
        await using var rig = await AlertRig.StartAsync();
        var random = new Random(1);
        var begin = rig.Clock.GetUtcNow();
        var recent = new Queue<int>();
        rig.Reads(AlertRules.Latency, () => new AlertReading(PercentileOfAMinute(random)));
        rig.Reads(AlertRules.Errors, () => new AlertReading(ErrorsOfFiveMinutes(random, recent)));
        // A click rate over 20,000 impressions of a target of 4 %, beside the same hour before; four deviations are a drop of 20 %.
        rig.Reads(AlertRules.ClickRateDrop, () => new AlertReading(Normal(random) * 0.05));
        rig.Reads(AlertRules.Drift, () => new AlertReading(0.02 + Math.Abs(Normal(random)) * 0.015, "hour of the day"));
        // By day and night, with a full minute of garbage collection now and then.
        rig.Reads(AlertRules.Processor, () => new AlertReading(Math.Clamp(
            0.35 + 0.2 * Math.Sin(2 * Math.PI * Hours(rig, begin) / 24) + 0.08 * Normal(random), 0, 1)));
        rig.Reads(AlertRules.Memory, () => new AlertReading(0.6 + 0.05 * Normal(random)));
        rig.Reads(AlertRules.EventLag, () => new AlertReading(random.NextDouble() < 0.01 ? 5_000 : random.Next(50)));
        // Trained each night.
        rig.Reads(AlertRules.StaleModel, () => new AlertReading(Hours(rig, begin) % 24 * 3600 + 1800));
        rig.Reads(AlertRules.Fallback, () => new AlertReading(Poisson(random, RequestsPerMinute * 0.0005) / (double)RequestsPerMinute));
        rig.Reads(AlertRules.Night, 0.0);
        rig.Reads(AlertRules.Quality, () => new AlertReading(0.98 + 0.004 * Math.Clamp(Normal(random), -3, 3)));
        rig.Reads(AlertRules.Disk, () => new AlertReading(0.5 - 0.2 * Hours(rig, begin) / 168));

        var looks = 0;
        while (rig.Clock.GetUtcNow() - begin < TimeSpan.FromDays(7))
        {
            rig.Clock.Advance(AlertRig.Every);
            rig.Center.Look();
            looks++;
        }
        await rig.SendAsync();

        var history = rig.Center.Read().History;
        Assert.Equal(60_480, looks);
        Assert.DoesNotContain(history, entry => entry.To == AlertLevel.Red);
        Assert.True(history.Count(entry => entry.To == AlertLevel.Yellow) <= 1, string.Join('\n', history));
        Assert.True(rig.Receiver.BodiesTo(AlertRig.SlackPath).Count <= 2);
        Assert.Empty(rig.Receiver.BodiesTo(AlertRig.PagerDutyPath));
    }

    private static double Hours(AlertRig rig, DateTimeOffset begin) => (rig.Clock.GetUtcNow() - begin).TotalHours;

    // Log-normal around 12 ms with a tail, the 99th percentile by sorting.
    private static double PercentileOfAMinute(Random random)
    {
        Span<double> times = stackalloc double[RequestsPerMinute];
        for (var request = 0; request < times.Length; request++)
        {
            times[request] = 0.012 * Math.Exp(0.5 * Normal(random));
            if (random.NextDouble() < SlowShare) times[request] += 0.2 * random.NextDouble();
        }
        times.Sort();
        return times[(int)(times.Length * 0.99)];
    }

    // As the source counts: fewer than five failures in five minutes are none. The minutes overlap as looks do.
    private static double ErrorsOfFiveMinutes(Random random, Queue<int> recent)
    {
        recent.Enqueue(Poisson(random, RequestsPerMinute / 6 * FailureShare));
        if (recent.Count > 30) recent.Dequeue();
        var failures = recent.Sum();
        return failures < 5 ? 0 : failures / (5.0 * RequestsPerMinute);
    }

    private static int Poisson(Random random, double mean)
    {
        var (count, product, limit) = (0, random.NextDouble(), Math.Exp(-mean));
        while (product > limit)
        {
            count++;
            product *= random.NextDouble();
        }
        return count;
    }

    // Box and Muller.
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
