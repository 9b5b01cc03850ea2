using System.Globalization;

namespace RecSys.Tests.Events;

/// <summary>When snapshots are made, and which of them stay.</summary>
public sealed class StateSnapshotsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Write_TwoADayForTwoWeeks_KeepsTheNewestTwoAndTheLastOfEachOfTheLastDays()
    {
        using var rig = new TailRig();
        rig.Options.SnapshotDays = 9;
        var made = await FillAsync(rig, days: 14);

        // By the rule, out of what was made: positions are the days' own.
        var others = made.SkipLast(2).Where(each => each.Day >= made[^1].Day.AddDays(-9))
            .GroupBy(each => each.Day).Select(day => day.Last());
        var expected = others.Concat(made.TakeLast(2)).Select(each => each.Position).Order();
        Assert.Equal(expected, Positions(rig));
        Assert.Equal(11, Positions(rig).Count);
    }

    [Fact]
    public async Task Write_DailyOnesBeyondTheirBytes_KeepsTheNewestOfThem()
    {
        using var rig = new TailRig();
        await FillAsync(rig, days: 1);
        var one = Directory.GetDirectories(rig.Folder).Max(Size);
        // Room for some three, since they grow: fewer than the nine days, and never the newest two.
        rig.Options.SnapshotBytes = 4 * one;
        var made = await FillAsync(rig, days: 12);

        var kept = Positions(rig);
        var daily = kept.SkipLast(2).ToList();
        Assert.Equal(made.TakeLast(2).Select(each => each.Position), kept.TakeLast(2));
        Assert.InRange(daily.Count, 1, 4);
        var newestDays = made.SkipLast(2).GroupBy(each => each.Day).Select(day => day.Last().Position).TakeLast(daily.Count);
        Assert.Equal(newestDays, daily);
        Assert.True(Directory.GetDirectories(rig.Folder).OrderBy(path => path, StringComparer.Ordinal).SkipLast(2).Sum(Size)
            <= rig.Options.SnapshotBytes);
    }

    [Fact]
    public async Task Write_BesideSnapshotsOfAnotherEpochBeyondTheLog_KeepsTheOwnAndStartsFromThem()
    {
        using var rig = new TailRig();
        await FillAsync(rig, days: 1);
        // What a folder that was copied elsewhere brings along: several, all of them further on, of an epoch before and one behind.
        var own = Directory.GetDirectories(rig.Folder)[0];
        foreach (var epoch in new[] { rig.Log.Epoch - 1, rig.Log.Epoch + 1 })
        {
            for (var position = 1_000_000; position < 1_000_004; position++)
                Copy(own, Path.Combine(rig.Folder, $"{epoch}-{position:D19}"));
        }

        var made = await FillAsync(rig, days: 1);

        Assert.Equal(made.Select(each => each.Position), Positions(rig).Where(position => position < 1_000_000).TakeLast(2));
        var (tail, state) = await rig.ReadAsync();
        Assert.Equal(made[^1].Position, state.Position);
        tail.Dispose();
    }

    private static void Copy(string folder, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(folder)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    [Fact]
    public async Task Start_AfterALongFold_WritesASnapshotAtOnceSoThatACrashFoldsNothingAgain()
    {
        using var rig = new TailRig();
        rig.Options.SnapshotAfterEntries = 100;
        await rig.Log.AppendAsync([.. new LogHistory(21).Take(200)], Ct);
        var end = (await rig.Log.ReadHeadAsync(Ct)).Position;
        Assert.True(end >= 100);
        var (tail, _) = await rig.OpenAsync();
        await tail.StartAsync(Ct);
        while (!rig.SnapshotLog.Messages.Any(line => line.StartsWith("State snapshot", StringComparison.Ordinal)))
            await Task.Delay(TimeSpan.FromMilliseconds(5), Ct);

        // No stop: this is what a start behind a crash finds.
        var (again, state) = await rig.ReadAsync();
        Assert.Equal(end, state.Position);
        await tail.StopAsync(Ct);
        tail.Dispose();
        again.Dispose();
    }

    [Fact]
    public async Task Start_AfterAShortFold_WaitsForTheUsualTime()
    {
        using var rig = new TailRig();
        rig.Options.SnapshotAfterEntries = 1000;
        var history = new LogHistory(22);
        await rig.Log.AppendAsync([.. history.Take(200)], Ct);
        var (tail, _) = await rig.OpenAsync();
        await tail.StartAsync(Ct);
        // The tail has been round its loop when it has folded this.
        var appended = await rig.Log.AppendAsync([.. history.Take(20)], Ct);
        tail.Offer(appended.Entries);
        Assert.True(await tail.WaitAsync(appended.Entries[^1].Position, TimeSpan.FromMinutes(1), Ct));

        Assert.Empty(Positions(rig));
        await tail.StopAsync(Ct);
        Assert.Single(Positions(rig));
        tail.Dispose();
    }

    private static async Task<List<(DateTime Day, long Position)>> FillAsync(TailRig rig, int days)
    {
        var history = new LogHistory(20 + days);
        var made = new List<(DateTime, long)>();
        for (var half = 0; half < 2 * days; half++)
        {
            await rig.Log.AppendAsync([.. history.Take(40)], Ct);
            var (tail, state) = await rig.OpenAsync();
            await tail.StartAsync(Ct);
            await tail.StopAsync(Ct);
            tail.Dispose();
            made.Add((rig.Clock.GetUtcNow().UtcDateTime.Date, state.Position));
            rig.Clock.Advance(TimeSpan.FromHours(12));
        }
        return made;
    }

    private static List<long> Positions(TailRig rig) => !Directory.Exists(rig.Folder) ? [] : [.. Directory.GetDirectories(rig.Folder)
        .Select(path => long.Parse(Path.GetFileName(path).Split('-')[1], CultureInfo.InvariantCulture)).Order()];

    private static long Size(string path) => new DirectoryInfo(path).EnumerateFiles().Sum(file => file.Length);
}
