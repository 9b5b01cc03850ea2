using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Domain.Columns;
using RecSys.Core.Features;
using RecSys.Core.Models.Reference;
using RecSys.Core.Monitoring.Drift;

namespace RecSys.Tests.Monitoring.Drift;

/// <summary>
/// A week of lists from one distribution, a fixed seed: places of a list are alike, as they are where a user's taste decides them. Alarms
/// are counted; then something moves, and is named.
/// </summary>
public sealed class DriftWeekTests
{
    private const int ListsPerHour = 500;
    private const int Places = 5;

    // The least lists that are judged, against a reference of 2,000: where chance is largest.
    private readonly DriftRig rig = new(
        [.. Enumerable.Range(0, 10).Select(i => ($"user_{i}", Edges, false)),
            .. Enumerable.Range(0, 10).Select(i => ($"item_{i}", Edges, true))]);

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero));
    private readonly Random random = new(20260302);

    private static float[] Edges => [0.05f, 0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f, 0.7f, 0.8f, 0.9f];

    [Fact]
    public void Week_NothingMoves_NoAlarmThenAPlantedShiftIsNamed()
    {
        var reference = Reference();
        var windows = new DriftWindows(rig.Catalogue, clock);
        var (alarms, looks) = (0, 0);
        var (raw, noise) = (0.0, 0.0);
        for (var hour = 0; hour < 7 * 24; hour++)
        {
            Hour(windows, reference, shift: false);
            foreach (var window in Judge(windows, reference))
            {
                looks++;
                if (window.Status is not (DriftStatus.Stable or DriftStatus.TooFew)) alarms++;
            }
            var last = Judge(windows, reference).First();
            foreach (var feature in last.Features.Where(feature => feature.Name.StartsWith("user", StringComparison.Ordinal)))
                (raw, noise) = (raw + feature.Shift.RawPsi!.Value, noise + feature.Shift.Noise!.Value);
        }

        Assert.Equal((2 * 7 * 24, 0), (looks, alarms));
        // What is taken off as chance is what chance gives.
        Assert.Equal(1, raw / noise, 0.15);

        // Shoes become rare, and with them one feature of items; everything else goes on as it did.
        for (var hour = 0; hour < 2; hour++) Hour(windows, reference, shift: true);
        var (hourly, daily) = (Judge(windows, reference).First(), Judge(windows, reference).Last());
        Assert.Equal(DriftStatus.Drift, hourly.Status);
        Assert.Equal(["category_mix", "item_3"], hourly.Responsible.Order(StringComparer.Ordinal));
        Assert.Contains("Retrain", hourly.Advice, StringComparison.Ordinal);
        // Two of 24 hours are not a day.
        Assert.Equal(DriftStatus.Stable, daily.Status);
    }

    [Fact]
    public void Restore_OfAnotherProcess_GoesOnAndForgetsAfterADay()
    {
        var reference = Reference();
        var before = new DriftWindows(rig.Catalogue, clock);
        for (var hour = 0; hour < 5; hour++) Hour(before, reference, shift: false);
        before.Count(new EventQuality(10, 3, 2, 1));
        var told = before.Read(TimeSpan.FromHours(24), DriftRig.Version);

        var after = new DriftWindows(rig.Catalogue, clock);
        after.Restore(before.Slots());

        var back = after.Read(TimeSpan.FromHours(24), DriftRig.Version);
        Assert.Equal(told.Counts.ToBytes(new RecordWriter()), back.Counts.ToBytes(new RecordWriter()));
        Assert.Equal((5 * ListsPerHour, new EventQuality(10, 3, 2, 1)), (back.Counts.Lists, back.Counts.Quality));
        Assert.InRange(before.Slots().Count, 5, 20);
        // Another model's lists are another's, its events everybody's.
        var other = after.Read(TimeSpan.FromHours(24), "v2").Counts;
        Assert.Equal((0, 16), (other.Lists, other.Quality.All));
        clock.Advance(TimeSpan.FromHours(26));
        Assert.Equal(0, after.Read(TimeSpan.FromHours(24), DriftRig.Version).Counts.Lists);
    }

    // By an hour and a half: without care the stretch of the moment would go on until the clock is there again, and hold all of it.
    [Fact]
    public void Read_ClockSetBack_LosesNothingAndKeepsHoursApart()
    {
        var reference = Reference();
        var windows = new DriftWindows(rig.Catalogue, clock);
        for (var hour = 0; hour < 3; hour++) Hour(windows, reference, shift: false);
        clock.AdjustTime(clock.GetUtcNow() - TimeSpan.FromMinutes(90));
        for (var hour = 0; hour < 3; hour++) Hour(windows, reference, shift: false);
        windows.Count(new EventQuality(1, 0, 0, 0));

        var (last, from, to) = windows.Read(TimeSpan.FromHours(1), DriftRig.Version);
        var all = windows.Read(TimeSpan.FromHours(24), DriftRig.Version);
        Assert.InRange(last.Lists, ListsPerHour, ListsPerHour * 5 / 4);
        Assert.InRange(to - from, TimeSpan.FromHours(1), TimeSpan.FromMinutes(65));
        Assert.Equal((clock.GetUtcNow(), 6 * ListsPerHour, 1), (to, all.Counts.Lists, all.Counts.Quality.All));
        // What was before stays as long ago as it was.
        clock.Advance(TimeSpan.FromHours(20));
        Assert.InRange(windows.Read(TimeSpan.FromHours(24), DriftRig.Version).Counts.Lists, 3 * ListsPerHour, 5 * ListsPerHour);
        Assert.All(windows.Slots().Zip(windows.Slots().Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start));
    }

    [Fact]
    public void Drain_ManyLists_TakesAsManyAsThereAreBuffersAndAllocatesNothing()
    {
        var sampler = new DriftSampler(FeatureCatalogue.Default);
        var (taken, drained) = (0, 0);
        void Ask()
        {
            for (var i = 0; i < 100; i++)
            {
                if (!sampler.TryBegin(out var sample)) continue;
                sampler.Take(sample);
                taken++;
            }
        }

        Ask();
        sampler.Drain(_ => drained++);
        Ask();
        sampler.Drain(_ => drained++);
        Assert.Equal((2 * DriftSampler.Buffers, 2 * DriftSampler.Buffers), (taken, drained));

        var before = GC.GetAllocatedBytesForCurrentThread();
        Ask();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private DriftReference Reference()
    {
        var counts = new DriftCounts(rig.Catalogue, "made of");
        var known = new DriftReference(0, [])
        {
            Categories = DriftRig.Categories.Append("other").ToDictionary(name => name, _ => 0),
        };
        for (var list = 0; list < 2000; list++) counts.Add(List(shift: false), known, rig.Items);
        return new DriftReference(counts.Rows, Enumerable.Range(0, rig.Catalogue.Count).ToDictionary(
            column => rig.Catalogue.Names[column],
            column => new FeatureHistogram(Edges, counts.Feature(column)[..^1].ToArray(), counts.Feature(column)[^1])))
        {
            Requests = 2000,
            Categories = known.Categories.Keys.ToDictionary(name => name, name => counts.Categories.GetValueOrDefault(name)),
            Scores = new FeatureHistogram(DriftReference.ScoreEdges, counts.Scores[..^1].ToArray(), 0),
        };
    }

    private void Hour(DriftWindows windows, DriftReference reference, bool shift)
    {
        for (var list = 0; list < ListsPerHour; list++)
        {
            if (list % (ListsPerHour / 10) == 0) clock.Advance(TimeSpan.FromMinutes(6));
            windows.Count(List(shift), reference, rig.Items);
        }
    }

    private IEnumerable<DriftWindow> Judge(DriftWindows windows, DriftReference reference)
    {
        foreach (var hours in (int[])[1, 24])
        {
            var (counts, from, to) = windows.Read(TimeSpan.FromHours(hours), DriftRig.Version);
            yield return new DriftJudgement(rig.Catalogue, reference, counts).Judge(from, to);
        }
    }

    private ListSample List(bool shift)
    {
        var taste = random.NextDouble();
        var user = Enumerable.Range(0, 10).Select(_ => random.NextSingle()).ToArray();
        var rows = new (int Item, float Score, float[] Features)[Places];
        for (var place = 0; place < Places; place++)
        {
            // One of two places follows the user's taste.
            var category = (int)(4 * (random.Next(2) == 0 ? taste : random.NextDouble()));
            if (shift && category == 0 && random.Next(4) > 0) category = 3;
            var item = Enumerable.Range(0, 10).Select(_ => random.Next(3) == 0 ? (float)taste : random.NextSingle()).ToArray();
            if (shift) item[3] = 0.4f + 0.6f * item[3];
            rows[place] = (category, 0.02f + 0.1f * (float)taste, [.. user, .. item]);
        }
        return rig.List(DriftRig.Version, [], rows);
    }
}
