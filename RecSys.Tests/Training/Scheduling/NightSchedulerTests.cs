using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RecSys.Api.Hosting.Alerts;
using RecSys.Core.Training.Scheduling;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Hosting;

namespace RecSys.Tests.Training.Scheduling;

/// <summary>Nights of a small child process on a clock that the test moves.</summary>
public sealed class NightSchedulerTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider clock = new(Noon);
    private readonly ListLogger<NightScheduler> log = new();
    private readonly ScheduleOptions options = new() { Cron = "0 0 * * *" };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_PlannedNight_BeginsWithItsJitterAndKeepsWhatCameOfIt()
    {
        using var scheduler =
            Start("until [ $(nice) = 15 ]; do sleep 0.01; done; nice > nice; echo one; echo two >&2; echo verdict refresh");
        await UntilAsync(() => scheduler.Next is not null);

        Assert.Equal(Noon.AddHours(12), scheduler.Next);
        clock.Advance(TimeSpan.FromHours(12));
        Assert.Null(scheduler.Last);
        // Half of five minutes.
        clock.Advance(TimeSpan.FromSeconds(150));
        await UntilAsync(() => scheduler.Last?.Ended is not null);

        var night = scheduler.Last!;
        Assert.Equal((Noon.AddHours(12), Noon.AddHours(12).AddSeconds(150), 0), (night.Planned, night.Started, night.ExitCode));
        foreach (var line in (string[])["Training: one", "Training: two", "Training: verdict refresh"]) Assert.Contains(line, log.Messages);
        await UntilAsync(() => scheduler.Next == Noon.AddHours(36));
        Assert.Contains($"--data {folder.Path}", await File.ReadAllTextAsync(folder["arguments"], Ct), StringComparison.Ordinal);
        Assert.StartsWith("train nightly", await File.ReadAllTextAsync(folder["arguments"], Ct), StringComparison.Ordinal);
        Assert.Equal("15", (await File.ReadAllTextAsync(folder["nice"], Ct)).Trim());
        await scheduler.StopAsync(Ct);

        // The next process knows.
        using var again = Start("exit 0");
        await UntilAsync(() => again.Next is not null);
        Assert.Equal(night, again.Last);
        await again.StopAsync(Ct);
    }

    [Fact]
    public async Task Run_SettingsOfTheServer_ReachTheChildByItsEnvironmentAlone()
    {
        using var scheduler = new NightScheduler(folder.Path, Options.Create(options), clock, log)
        {
            Command = () =>
            {
                var start = new ProcessStartInfo("/bin/sh", ["-c", "echo \"$@\" > arguments; env > environment", "night"])
                {
                    WorkingDirectory = folder.Path,
                };
                // Of the machine, in other letters: the command line's wins.
                start.Environment["training__SEED"] = "1";
                start.Environment["Training__MaxImpressions"] = "5";
                return start;
            },
            Draw = () => 0,
            Settings = new Dictionary<string, string> { ["Training:Seed"] = "7", ["Models:SigningKey"] = "a=b secret" },
        };
        await scheduler.StartAsync(Ct);
        await UntilAsync(() => scheduler.Next is not null);
        clock.Advance(TimeSpan.FromHours(12));
        await UntilAsync(() => scheduler.Last?.Ended is not null);
        await scheduler.StopAsync(Ct);

        var seen = await File.ReadAllLinesAsync(folder["environment"], Ct);
        Assert.Equal(["Training__Seed=7"], seen.Where(line => line.StartsWith("training__seed", StringComparison.OrdinalIgnoreCase)));
        Assert.Contains("Models__SigningKey=a=b secret", seen);
        Assert.Contains("Training__MaxImpressions=5", seen);
        Assert.DoesNotContain("secret", await File.ReadAllTextAsync(folder["arguments"], Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_MissedNight_IsMadeUpForOnceAndOlderOnesAreToldOf()
    {
        folder.Write("schedule.json", """{"planned":"2026-04-29T00:00:00+00:00"}""");
        clock.SetUtcNow(new DateTimeOffset(2026, 5, 2, 3, 0, 0, TimeSpan.Zero));

        using var scheduler = Start("exit 3");
        await UntilAsync(() => scheduler.Last?.Ended is not null && scheduler.Next is not null);

        Assert.Equal((new DateTimeOffset(2026, 5, 2, 0, 0, 0, TimeSpan.Zero), 3), (scheduler.Last!.Planned, scheduler.Last.ExitCode));
        Assert.Contains(log.Messages, line => line.Contains("passed over: 2, up to", StringComparison.Ordinal));
        Assert.Contains(log.Messages, line => line.StartsWith("The night failed with code 3", StringComparison.Ordinal));
        Assert.Single(await File.ReadAllLinesAsync(folder["arguments"], Ct));
        await scheduler.StopAsync(Ct);
    }

    [Fact]
    public async Task Run_NightsTooOld_ArePassedOver()
    {
        folder.Write("schedule.json", """{"planned":"2026-04-28T00:00:00+00:00"}""");

        using var scheduler = Start("exit 0");
        await UntilAsync(() => scheduler.Next is not null);

        Assert.Contains("passed over", scheduler.Last!.Verdict, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["arguments"]));
        Assert.Contains(log.Messages, line => line.Contains("passed over: 3, up to", StringComparison.Ordinal));
        await scheduler.StopAsync(Ct);
    }

    [Fact]
    public async Task StopAsync_DuringANight_EndsTheChildAndSaysSo()
    {
        using var scheduler = Start("echo $$ > child; exec sleep 1000");
        await UntilAsync(() => scheduler.Next is not null);
        clock.Advance(TimeSpan.FromHours(12.1));
        await UntilAsync(() => File.Exists(folder["child"]) && new FileInfo(folder["child"]).Length > 0);
        var child = int.Parse(await File.ReadAllTextAsync(folder["child"], Ct), CultureInfo.InvariantCulture);

        await scheduler.StopAsync(Ct);

        Assert.Throws<ArgumentException>(() => Process.GetProcessById(child));
        Assert.Equal("stopped with the server", scheduler.Last!.Verdict);
    }

    [Fact]
    public async Task Run_NightLongerThanADay_NeverHasASecondBesideIt()
    {
        using var scheduler = Start("while [ ! -e finish ]; do sleep 0.05; done");
        await UntilAsync(() => scheduler.Next is not null);
        clock.Advance(TimeSpan.FromHours(12.1));
        await UntilAsync(() => File.Exists(folder["arguments"]));

        clock.Advance(TimeSpan.FromHours(49));
        folder.Write("finish", "");
        // The second night was missed meanwhile and is young enough to be made up for; the first of the two is not.
        await UntilAsync(() => scheduler.Last?.Ended is not null && scheduler.Last.Planned == Noon.AddHours(60));

        Assert.Equal(2, (await File.ReadAllLinesAsync(folder["arguments"], Ct)).Length);
        await scheduler.StopAsync(Ct);
    }

    [Fact]
    public async Task Run_NoCron_DoesOnlyWhatItIsAskedForAndOnceADay()
    {
        options.Cron = null;
        using var scheduler = Start("exit 0");
        clock.Advance(TimeSpan.FromDays(2));
        Assert.Null(scheduler.Next);
        Assert.Null(scheduler.Last);

        Assert.True(scheduler.TryBegin("drift of category_mix"));
        await UntilAsync(() => scheduler.Last?.Ended is not null);

        Assert.Contains("A night beside the planned ones, because of drift of category_mix", log.Messages);
        Assert.Equal((clock.GetUtcNow(), 0), (scheduler.Last!.Started, scheduler.Last.ExitCode));
        clock.Advance(TimeSpan.FromHours(23.9));
        Assert.False(scheduler.TryBegin("drift of category_mix"));
        await scheduler.StopAsync(Ct);

        // The next process knows that one was begun.
        using var again = Start("exit 0");
        await UntilAsync(() => again.Last is not null);
        Assert.False(again.TryBegin("drift of category_mix"));
        clock.Advance(TimeSpan.FromHours(0.2));
        Assert.True(again.TryBegin("drift of category_mix"));
        await UntilAsync(() => again.Last!.Started == clock.GetUtcNow() && again.Last.Ended is not null);
        await again.StopAsync(Ct);
        Assert.Equal(2, (await File.ReadAllLinesAsync(folder["arguments"], Ct)).Length);
    }

    [Fact]
    public async Task TryBegin_BesidePlannedNights_LeavesThemWhereTheyAre()
    {
        using var scheduler = Start("exit 0");
        await UntilAsync(() => scheduler.Next is not null);
        Assert.True(scheduler.TryBegin("drift of item_age"));
        Assert.False(scheduler.TryBegin("and of another"));
        await UntilAsync(() => scheduler.Last?.Ended is not null);
        Assert.Equal((Noon, Noon.AddHours(12)), (scheduler.Last!.Planned, scheduler.Next));

        clock.Advance(TimeSpan.FromHours(12.1));
        await UntilAsync(() => scheduler.Last?.Planned == Noon.AddHours(12) && scheduler.Last.Ended is not null);

        Assert.Equal(2, (await File.ReadAllLinesAsync(folder["arguments"], Ct)).Length);
        await scheduler.StopAsync(Ct);
    }

    [Fact]
    public async Task Run_ProgramThatIsNotThere_IsAFailedNight()
    {
        using var scheduler = new NightScheduler(folder.Path, Options.Create(options), clock, log)
        {
            Command = () => new ProcessStartInfo(folder["nothing"]), Draw = () => 0,
        };
        await scheduler.StartAsync(Ct);
        await UntilAsync(() => scheduler.Next is not null);
        clock.Advance(TimeSpan.FromHours(12));
        await UntilAsync(() => scheduler.Last?.Ended is not null);

        Assert.Contains("could not be started", scheduler.Last!.Verdict, StringComparison.Ordinal);
        await scheduler.StopAsync(Ct);
    }

    [Theory]
    [InlineData("echo 'skipped: Nothing was received' >&2; exit 75", false, "The night was skipped: Nothing was received")]
    [InlineData("exit 1", true, "The night failed with code 1")]
    public async Task Run_NightThatFoundNothingToDo_IsNoFailedOne(string script, bool failed, string message)
    {
        using var scheduler = Start(script);
        await UntilAsync(() => scheduler.Next is not null);
        clock.Advance(TimeSpan.FromHours(12.1));
        await UntilAsync(() => scheduler.Last?.Ended is not null);

        Assert.Equal(failed, scheduler.Last!.Failed);
        Assert.Equal(failed ? 1 : 0, new NightSources(scheduler, folder.Path).Failed()!.Value);
        Assert.Contains(log.Messages, line => line.StartsWith(message, StringComparison.Ordinal));
        await scheduler.StopAsync(Ct);
    }

    public void Dispose() => folder.Dispose();

    private NightScheduler Start(string script)
    {
        var scheduler = new NightScheduler(folder.Path, Options.Create(options), clock, log)
        {
            Command = () => new ProcessStartInfo("/bin/sh", ["-c", $"echo \"$@\" >> arguments; {script}", "night"])
            {
                WorkingDirectory = folder.Path,
            },
            Draw = () => 0.5,
        };
        Assert.True(scheduler.StartAsync(Ct).IsCompleted);
        return scheduler;
    }

    private static Task<bool> UntilAsync(Func<bool> isMet) => Calls.EventuallyAsync(() => Task.FromResult(isMet()), met => met);
}
