using System.Text.Json;
using RecSys.Core.Domain;
using RecSys.Core.Models;
using RecSys.Core.Storage.Lake;
using RecSys.Core.Training.Nightly.Runs;
using RecSys.Core.Training.Nightly;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Retrieval;

namespace RecSys.Tests.Training.Nightly;

/// <summary>Data that no good model can come of: the night says what is wrong, and the champion serves on.</summary>
[Collection(TorchCollection.Name)]
public sealed class NightFaultTests(NightFixture fixture)
{
    private static readonly DateOnly Gone = NightFixture.Day.AddDays(-2);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lake_DayMissing_IsNamedWithWhatToDoAndTheLogIsReadInstead()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);
        Directory.Delete(DayOf(rig, Gone), recursive: true);

        var failure = await Assert.ThrowsAsync<RecSysException>(() => rig.PlanAsync(NightRig.Request() with { Source = "lake" }));
        await rig.PlanAsync();

        Assert.Contains($"{Gone:yyyy-MM-dd}", failure.Message, StringComparison.Ordinal);
        Assert.Contains("lake export", failure.Message, StringComparison.Ordinal);
        Assert.Contains(rig.Lines, line => line.StartsWith("The log of the database is read", StringComparison.Ordinal)
            && line.Contains($"{Gone:yyyy-MM-dd}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lake_DayTorn_IsNamedWithWhatToDo()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);
        var file = Directory.GetFiles(DayOf(rig, Gone), "events-*")[0];
        await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file, Ct))[..^100], Ct);

        var failure = await Assert.ThrowsAsync<RecSysException>(() => rig.RunAsync());

        Assert.Contains(Path.GetFileName(file), failure.Message, StringComparison.Ordinal);
        Assert.Contains("lake export", failure.Message, StringComparison.Ordinal);
        // What is advised helps.
        Directory.Delete(DayOf(rig, Gone), recursive: true);
        using var lake = new FolderLakeStore(Path.Combine(rig.Data, "lake"));
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(NightFixture.Start.AddDays(NightFixture.Days).AddHours(2));
        await new LakeExport(lake, LakeSource.Of(rig.Database), clock, new LakeOptions()).RunAsync(new LakeExportRequest(), ct: Ct);
        Assert.Equal("collect", (await rig.PlanAsync())[0].Step);
        await rig.StopBehindAsync("collect");
    }

    [Fact]
    public async Task Day_NotOver_IsRefused()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);

        var failure = await Assert.ThrowsAsync<RecSysException>(() =>
            rig.PlanAsync(NightRig.Request() with { Day = NightFixture.Day.AddDays(1) }));

        var today = NightFixture.Day.AddDays(1);
        Assert.Contains($"{today:yyyy-MM-dd} is not over", failure.Message, StringComparison.Ordinal);
        // The time that it names is late enough.
        Assert.Contains($"--now {today.AddDays(1):yyyy-MM-dd}T00:05:00Z", failure.Message, StringComparison.Ordinal);
        var late = new DateTimeOffset(today.AddDays(1).ToDateTime(new TimeOnly(0, 5)), TimeSpan.Zero);
        Assert.Equal(today, NightDay.Of(today, late, 5));
    }

    [Fact]
    public async Task Day_OfTheFuture_IsRefusedAsSuch()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);

        var failure = await Assert.ThrowsAsync<RecSysException>(() =>
            rig.PlanAsync(NightRig.Request() with { Day = NightFixture.Day.AddDays(2) }));

        Assert.Contains($"has not begun: it is {NightFixture.Day.AddDays(1):yyyy-MM-dd}", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("--now", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Days_WithoutEntries_AreRefusedWithAdvice()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);
        var later = NightFixture.Day.AddDays(30);

        var failure = await Assert.ThrowsAsync<RecSysException>(() => rig.PlanAsync(NightRig.Request(later)));

        Assert.Contains("--day", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Days are those of receipt", failure.Message, StringComparison.Ordinal);
        // Counted entry by entry.
        var received = new SortedDictionary<DateOnly, int>();
        await foreach (var entry in rig.Database.EventLog.ReadAfterAsync(0, Ct))
        {
            var day = DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(entry.ReceivedMs).UtcDateTime);
            received[day] = received.GetValueOrDefault(day) + 1;
        }
        foreach (var (day, count) in (ReadOnlySpan<KeyValuePair<DateOnly, int>>)[received.First(), received.Last()])
        {
            Assert.Contains(
                FormattableString.Invariant($"{day:yyyy-MM-dd} ({count:#,0}"), failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Quality_BelowTheFloor_StopsAndTheChampionServesOn()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: true);
        rig.Options.Nightly.Quality.BotEventsPerDay = 60;
        var models = rig.Snapshot("models");

        var result = await rig.RunAsync();
        rig.Ran();
        var again = await rig.RunAsync();

        Assert.Equal((NightOutcome.Stopped, NightOutcome.Stopped), (result.Outcome, again.Outcome));
        Assert.Equal(["collect", "validate"], result.Steps.Select(step => step.Step));
        Assert.Contains("Training:Nightly:Quality:Floor", result.Verdict, StringComparison.Ordinal);
        Assert.Empty(rig.Ran());
        Assert.Equal(models, rig.Snapshot("models"));
        var report = await File.ReadAllTextAsync(Path.Combine(rig.Folder, "report.html"), Ct);
        Assert.Contains("below the floor", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bots_AreNotLearntFromButStayInTheState()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);
        // Some of the users have more events than this on their busiest day.
        rig.Options.Nightly.Quality.BotEventsPerDay = 120;
        rig.Options.Nightly.Quality.Floor = 0;

        await rig.StopBehindAsync("features");

        var data = await NightData.ReadAsync(new NightFolder(Path.Combine(rig.Data, "nights"), NightFixture.Day), Ct);
        var busy = Busy(data.Log, 120);
        Assert.NotEmpty(busy);
        Assert.DoesNotContain(data.Learnt.Events.ToArray(), e => busy.Contains(e.User));
        Assert.Contains(data.Log.Events.ToArray(), e => busy.Contains(e.User));
        var rows = Core.Training.Nightly.Files.RowsFiles.ReadLists(Path.Combine(rig.Folder, "rows.parquet"));
        Assert.DoesNotContain(rows.SelectMany(list => list.Events), index => busy.Contains(data.Log.Events[index].User));
    }

    [Fact]
    public async Task Events_TooFew_AreRefusedWithTheNumberNeeded()
    {
        await using var rig = await OfAsync(World().Take(500));

        var failure = await Assert.ThrowsAsync<RecSysException>(() => rig.RunAsync());

        Assert.Contains("at least 1,000", failure.Message, StringComparison.Ordinal);
        Assert.Null(await rig.Registry.ReadChampionAsync(Ct));
    }

    [Fact]
    public async Task Events_OfOneUser_AreRefused()
    {
        var user = NightFixture.World.Users[0].Id;
        await using var rig = await OfAsync(World().Select((e, at) => e with { UserId = user, RequestId = $"r{at / 10}" }));

        // Nobody clicks so much.
        var result = await rig.RunAsync();
        (rig.Options.Nightly.Quality.BotEventsPerDay, rig.Options.Nightly.Quality.BotClicksPerMinute) = (1_000_000, 10_000);
        rig.Options.Nightly.Quality.Floor = 0;
        var failure = await Assert.ThrowsAsync<RecSysException>(async () => Assert.Fail((await rig.RunAsync()).Verdict));

        Assert.Equal(NightOutcome.Stopped, result.Outcome);
        Assert.Contains("Training:Nightly:MinTestUsers", failure.Message, StringComparison.Ordinal);
        Assert.Null(await rig.Registry.ReadChampionAsync(Ct));
    }

    [Fact]
    public async Task Labels_OfOneClass_AreRefused()
    {
        // Nothing that was chosen had been shown.
        var unshown = NightFixture.World.Items[^1].Id;
        await using var rig = await OfAsync(World()
            .Where(e => e.Type == EventType.Impression ? e.ItemId != unshown : e.Type == EventType.Click)
            .Select(e => e.Type == EventType.Impression ? e : e with { ItemId = unshown }));
        // Whatever the check of the data makes of so many clicks on one item.
        rig.Options.Nightly.Quality.Floor = 0;

        var failure = await Assert.ThrowsAsync<RecSysException>(async () => Assert.Fail((await rig.RunAsync()).Verdict));

        Assert.Contains("at least 20 of each kind", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "the label NaN")]
    [InlineData(true, "--from-step features")]
    public async Task Labels_ThatAreNoNumbers_AreRefusedAndTheChampionServesOn(bool test, string expected)
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: true);
        var later = NightRig.Request(NightFixture.Day.AddDays(1));
        var models = rig.Snapshot("models");
        // Of the rows that test, or of all others: one in each list.
        var split = long.MaxValue;
        await rig.StopBehindAsync("split", later);
        split = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(
            Path.Combine(rig.Data, "nights", $"{later.Day:yyyy-MM-dd}", "split.json"), Ct), NightJson.Default.SplitFile)!.ValidateUntilMs;
        await rig.AlterLabelsAsync(later, test, (_, timeMs, labels) =>
        {
            if (timeMs >= split == test) labels[0] = float.NaN;
        });

        var failure = await Assert.ThrowsAsync<RecSysException>(async () => Assert.Fail((await rig.RunAsync(later)).Verdict));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Equal(models, rig.Snapshot("models"));
    }

    [Fact]
    public async Task Step_LongerThanAllowed_IsStoppedAndTheOptionNamed()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var running = new StepBudget(new NightlyOptions { StepMinutes = 5 }, clock).RunAsync("towers", async ct =>
        {
            await Task.Delay(Timeout.Infinite, ct);
            return 1;
        }, Ct);
        clock.Advance(TimeSpan.FromMinutes(4.9));
        Assert.False(running.IsCompleted);

        clock.Advance(TimeSpan.FromMinutes(0.2));
        var failure = await Assert.ThrowsAsync<RecSysException>(() => running);

        Assert.Contains("towers", failure.Message, StringComparison.Ordinal);
        Assert.Contains("5 minutes, which is what Training:Nightly:StepMinutes", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clock_ThatJumps_ChangesNothingOfWhatIsPublished()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);
        rig.Time = new JumpingClock();

        var result = await rig.RunAsync();

        Assert.Equal(NightOutcome.Published, result.Outcome);
        Assert.All(result.Steps, step => Assert.InRange(step.Seconds, 0, 600));
        Assert.Equal(
            (await BundleManifest.ReadAsync(Path.Combine(fixture.Data, "models", "v1.0.0"), Ct)).Files,
            (await BundleManifest.ReadAsync(Path.Combine(rig.Data, "models", "v1.0.0"), Ct)).Files);
    }

    [Fact]
    public async Task Disk_FullWithinAStep_SaysSoAndTheRunGoesOnOnceThereIsRoom()
    {
        using var disk = SmallDisk.Mount(256);
        await using var rig = await NightRig.CopyAsync(fixture, Path.Combine(disk.Path, "data"));
        rig.Finished = step =>
        {
            // Enough for the store and the log of the run, too little for the rows.
            if (step == "split") disk.Fill(leave: 2 << 20);
        };

        var failure = await Assert.ThrowsAsync<RecSysException>(async () => Assert.Fail((await rig.RunAsync()).Verdict));

        Assert.Contains("The step features was not finished", failure.Message, StringComparison.Ordinal);
        Assert.Contains("room on the disk", failure.Message, StringComparison.Ordinal);
        Assert.Null(await rig.Registry.ReadChampionAsync(Ct));
        rig.Finished = null;
        rig.Ran();
        disk.Free();
        Assert.Equal(NightOutcome.Published, (await rig.RunAsync()).Outcome);
        Assert.Equal("features", rig.Ran()[0]);
        Assert.Equal(
            (await BundleManifest.ReadAsync(Path.Combine(fixture.Data, "models", "v1.0.0"), Ct)).Files,
            (await BundleManifest.ReadAsync(Path.Combine(rig.Data, "models", "v1.0.0"), Ct)).Files);
    }

    [Fact]
    public async Task RecordOfThePublication_ThatCannotBeWritten_SaysWhatIsInForceAndIsCompletedByTheNextRun()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: true);
        var record = Path.Combine(rig.Folder, NightFiles.Publication);
        File.Delete(record);
        // Nothing can take the place of a folder that is not empty.
        Directory.CreateDirectory(Path.Combine(record, "in the way"));

        var failure = await Assert.ThrowsAsync<RecSysException>(async () => Assert.Fail((await rig.RunAsync()).Verdict));

        Assert.Contains("v1.0.0 is the registry's champion, which is in force", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Running the night again completes the record", failure.Message, StringComparison.Ordinal);
        Assert.Equal("v1.0.0", (await rig.Registry.ReadChampionAsync(Ct))!.Version);
        Directory.Delete(record, recursive: true);
        Assert.Equal(NightOutcome.Published, (await rig.RunAsync()).Outcome);
        Assert.True(File.Exists(record));
        Assert.Single(await rig.Registry.ListAsync(Ct));
    }

    [Fact]
    public async Task Refit_DiskFull_IsNoFaultOfTheModelAndIsMadeOnceThereIsRoom()
    {
        using var disk = SmallDisk.Mount(256);
        await using var rig = await NightRig.CopyAsync(fixture, Path.Combine(disk.Path, "data"));
        await RefitRig.TakeOverAsync(fixture, rig, RefitRig.Refit, from: "09-gate");
        rig.Finished = step =>
        {
            // Enough for the store and the log of the run, too little for a bundle.
            if (step == "gate") disk.Fill(leave: 128 << 10);
        };

        var failure = await Assert.ThrowsAsync<RecSysException>(async () => Assert.Fail((await rig.RunAsync()).Verdict));

        Assert.Contains("room on the disk", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(rig.Folder, "steps", "10-refit.json")));
        Assert.Empty(await rig.Registry.ListAsync(Ct));
        rig.Finished = null;
        rig.Ran();
        disk.Free();
        Assert.Contains("refitted up to the newest event", (await rig.RunAsync()).Verdict, StringComparison.Ordinal);
        Assert.Equal(["refit", "publish"], rig.Ran());
    }

    [Fact]
    public async Task Lock_DiskFullBesideAnOwnerWhoIsGone_BlamesTheDiskAndKeepsNobodyOut()
    {
        using var disk = SmallDisk.Mount(4);
        NightLock.Take(disk.Path, DateTimeOffset.UnixEpoch).Dispose();
        // Somebody who was killed.
        await File.WriteAllTextAsync(Path.Combine(disk.Path, "night.owner"), "", Ct);
        disk.Fill();

        var failure = Assert.Throws<RecSysException>(() => NightLock.Take(disk.Path, DateTimeOffset.UnixEpoch));

        Assert.Contains("room on the disk", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("already", failure.Message, StringComparison.Ordinal);
        disk.Free();
        NightLock.Take(disk.Path, DateTimeOffset.UnixEpoch).Dispose();
    }

    // Until the end of the fixture's day, on which they are received.
    private static IEnumerable<Event> World() =>
        NightFixture.World.GenerateHistory().Where(e => e.Time < NightFixture.Start.AddDays(NightFixture.Days - 1));

    private static string DayOf(NightRig rig, DateOnly day) => Path.Combine(rig.Data, "lake", "log", $"day={day:yyyy-MM-dd}");

    // Users with more events than so many on a day.
    private static HashSet<int> Busy(InteractionLog log, int most) =>
        [.. log.Events.ToArray().GroupBy(e => (e.User, e.TimeMs / 86_400_000)).Where(day => day.Count() > most)
            .Select(day => day.Key.User)];

    // An hour forwards or two back whenever it is looked at; durations are those of the machine.
    private sealed class JumpingClock : TimeProvider
    {
        private int looks;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddHours(Interlocked.Increment(ref looks) % 3 - 1);
    }

    // A data folder of these events alone, all of them received on the fixture's day.
    private static async Task<NightRig> OfAsync(IEnumerable<Event> events) => await NightRig.OfAsync(
    [
        .. NightFixture.World.Items.Select(item => new ItemPut(item)), .. NightFixture.World.Users.Select(user => new UserPut(user)),
        .. events.Select(e => new EventChange(e)),
    ]);
}
