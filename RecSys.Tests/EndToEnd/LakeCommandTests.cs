using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using RecSys.Api.Hosting;
using System.Text.RegularExpressions;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Lake;
using RecSys.Core.Storage.Sqlite;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Storage;

namespace RecSys.Tests.EndToEnd;

/// <summary>The verb <c>lake</c> with real processes, over data that no server has read.</summary>
public sealed class LakeCommandTests : IAsyncLifetime
{
    private const int EventsPerDay = 12_000;

    private readonly TemporaryFolder folder = new();
    private readonly string[] through = ["--through", "2026-02-02"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // Three days from January 31.
    public async ValueTask InitializeAsync()
    {
        var clock = new FakeTimeProvider(Sample.Noon);
        await using var database = SqliteDatabase.Open(folder.Path, clock);
        await database.EventLog.AppendAsync([.. Enumerable.Range(0, 50).Select(at => new ItemPut(Sample.Item($"i{at}")))], Ct);
        for (var day = 0; day < 3; day++)
        {
            await database.Import.ImportAsync([.. Enumerable.Range(0, EventsPerDay).Select(at => new EventChange(Sample.Event($"{day}-{at}",
                Sample.Noon.AddMinutes(at), $"u{at % 700}", $"i{at % 50}", at % 3 == 0 ? EventType.Click : EventType.Impression)))], Ct);
            await database.ServedRecords.AppendAsync([Served.Record($"r{day}", time: clock.GetUtcNow())], Ct);
            clock.Advance(TimeSpan.FromDays(1));
        }
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Export_DataThatNoServerHasRead_WritesListsAndVerifiesDays()
    {
        var (code, output, error) = await LakeAsync(["export", .. through]);
        Assert.True(code == 0, output + error);
        Assert.Contains("Wrote 6 days", output, StringComparison.Ordinal);

        (code, output, _) = await LakeAsync("list");
        Assert.Equal(0, code);
        Assert.Contains(output.Split('\n'), line => line.StartsWith("2026-02-01  log", StringComparison.Ordinal)
            && line.Contains("12051-24050", StringComparison.Ordinal) && line.EndsWith("event 12,000", StringComparison.Ordinal));
        Assert.Contains(output.Split('\n'), line => line.StartsWith("2026-02-01  served", StringComparison.Ordinal)
            && line.EndsWith("ranked 1", StringComparison.Ordinal));

        (code, output, _) = await LakeAsync("verify");
        Assert.Equal((0, $"6 days of {folder["lake"]} are in order.\n"), (code, output));

        (code, output, error) = await LakeAsync(["export", .. through]);
        Assert.Contains("Wrote 0 days, 0 rows", output, StringComparison.Ordinal);
        Assert.Contains("2 were there and are in order", output, StringComparison.Ordinal);

        // A few clicks of each user, resolved as a server does it: what an average user would have done is there.
        await using var database = SqliteDatabase.Open(folder.Path);
        var lake = LakeStores.Open(new LakeOptions(), folder.Path);
        var read = await new LakeReader(lake, []).ReadEntriesAsync(ct: Ct).ToListAsync(Ct);
        Sample.AssertSame(await database.EventLog.ReadAfterAsync(0, Ct).ToListAsync(Ct), read);
        Assert.Contains(read, entry => entry.Contribution is { UserClicks: > 0 });
    }

    [Fact]
    public async Task Verify_WithoutAnyDay_SaysWhereItLookedAndAnExportHelps()
    {
        var (code, _, error) = await LakeAsync("verify");
        Assert.Equal(1, code);
        Assert.Contains("lake export", error, StringComparison.Ordinal);

        Assert.Equal(0, (await LakeAsync(["export", .. through])).Code);
        Assert.Equal(0, (await LakeAsync("verify")).Code);
    }

    [Fact]
    public async Task Verify_TheOnlyServedDayIsDamaged_IsFound()
    {
        Assert.Equal(0, (await LakeAsync(["export", .. through])).Code);
        var days = Directory.GetDirectories(folder["lake/served"]).Order(StringComparer.Ordinal).ToArray();
        foreach (var day in days[1..]) Directory.Delete(day, recursive: true);
        var file = Directory.GetFiles(days[0], "*.parquet").Single();
        await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file, Ct))[..^10], Ct);

        var (code, _, error) = await LakeAsync("verify");

        Assert.Equal(1, code);
        Assert.Contains(Path.GetFileName(file), error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_AManifestIsDamaged_NamesThatDayAlone()
    {
        Assert.Equal(0, (await LakeAsync(["export", .. through])).Code);
        var manifest = folder["lake/log/day=2026-02-01/manifest.json"];
        var sound = await File.ReadAllTextAsync(manifest, Ct);
        foreach (var damaged in new[]
        {
            "", sound.Replace("\"event\": 12000", "\"event\": 9223372036854775807, \"x\": 9223372036854775807", StringComparison.Ordinal),
            Regex.Replace(sound, "\"name\": \"events[^\"]*\"", "\"name\": null"),
        })
        {
            Assert.NotEqual(sound, damaged);
            await File.WriteAllTextAsync(manifest, damaged, Ct);

            var (code, _, error) = await LakeAsync("verify");

            Assert.Equal(1, code);
            Assert.Contains("2026-02-01", Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries),
                line => line.StartsWith("error:", StringComparison.Ordinal)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Verify_DamagedDay_NamesTheFileAndExitsWithOne()
    {
        await LakeAsync(["export", .. through]);
        var file = Directory.GetFiles(folder["lake/log/day=2026-02-01"], "events-*")[0];
        await File.WriteAllTextAsync(file, "nothing", Ct);

        var (code, output, error) = await LakeAsync("verify", "--from", "2026-01-31", "--to", "2026-02-02");

        Assert.Equal((1, $"5 days of {folder["lake"]} are in order.\n"), (code, output));
        Assert.Contains(file, error, StringComparison.Ordinal);
        // What the message advises.
        Directory.Delete(folder["lake/log/day=2026-02-01"], recursive: true);
        Assert.Equal(0, (await LakeAsync(["export", .. through])).Code);
        Assert.Equal(0, (await LakeAsync("verify")).Code);
    }

    [Theory]
    [InlineData(".tmp-day=2026-01-31-*")]
    [InlineData(".tmp-day=2026-02-01-*")]
    [InlineData("day=2026-02-01")]
    public async Task Export_KilledMeanwhile_LeavesNoTornDayAndGoesOn(string appears)
    {
        var start = new ProcessStartInfo("dotnet",
        [
            typeof(ServerSettings).Assembly.Location, "lake", "export", .. through, "--data", folder.Path, "--set", "Lake:RowsPerFile=1000",
        ]);
        using (var process = Process.Start(start)!)
        {
            var log = folder["lake/log"];
            bool Appears() => Directory.Exists(log) && Directory.GetFileSystemEntries(log, appears).Length > 0;
            await ProcessRig.UntilAsync($"{appears} is there", () => Task.FromResult(Appears() || process.HasExited));
            process.Kill();
            await process.WaitForExitAsync(Ct);
        }
        using var lake = LakeStores.Open(new LakeOptions(), folder.Path);
        Assert.Empty((await new LakeVerification(lake).RunAsync(LakeTable.Log, ct: Ct)).Faults);

        var (code, output, error) = await LakeAsync(["export", .. through]);

        Assert.True(code == 0, output + error);
        Assert.Empty(Directory.GetFileSystemEntries(folder["lake/log"], ".tmp*"));
        Assert.Equal(3 * EventsPerDay + 50, await new LakeReader(lake, []).ReadEntriesAsync(ct: Ct).CountAsync(Ct));
        Assert.Equal(0, (await LakeAsync("verify")).Code);
    }

    [Fact]
    public async Task Export_IdleForMonths_AsksWhetherTheClockIsRight()
    {
        var (code, _, error) = await LakeAsync("export");

        Assert.Equal(1, code);
        Assert.Contains("The last entry is of 2026-02-02 and the clock says", error, StringComparison.Ordinal);
    }

    private Task<(int Code, string Output, string Error)> LakeAsync(params string[] arguments) =>
        ProcessRig.RunAsync(["lake", .. arguments, "--data", folder.Path]);
}
