using System.Text.Json;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Storage.Lake;
using RecSys.Core.Training.Nightly;
using RecSys.Core.Training.Nightly.Runs;
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
        // It says which part is counted, and how many there are in all.
        Assert.Contains("The part of the window that trains has", failure.Message, StringComparison.Ordinal);
        Assert.Matches("The whole window has [0-9]+ that are sound", failure.Message);
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

    [Fact]
    public async Task Features_ThatNeverDiffer_EndInARefusalThatSaysWhatIsMissing()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);
        rig.Catalogue = new FeatureCatalogue(
            [.. FeatureCatalogue.Default.Features.Select(feature => feature with { Compute = static _ => 1 })]);

        var result = await rig.RunAsync();

        Assert.Equal(NightOutcome.Refused, result.Outcome);
        Assert.Contains("no model serves yet", result.Verdict, StringComparison.Ordinal);
        Assert.Null(await rig.Registry.ReadChampionAsync(Ct));
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
