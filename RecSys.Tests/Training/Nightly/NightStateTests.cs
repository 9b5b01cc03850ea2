using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using RecSys.Api.Commands.Simulating;
using RecSys.Core.Domain;
using RecSys.Core.Storage;
using RecSys.Core.Storage.Lake;
using RecSys.Core.Training.Nightly;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Retrieval;

namespace RecSys.Tests.Training.Nightly;

/// <summary>A night begins with the state that an earlier one wrote, and nothing of what it does depends on that.</summary>
[Collection(TorchCollection.Name)]
public sealed class NightStateTests(NightFixture fixture)
{
    private static readonly string[] PastFiles = ["log/past-features.bin", "log/past-users.bin"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("lake")]
    [InlineData("log")]
    public async Task Run_FromAWrittenState_GivesTheFeaturesOfAFullFoldBitForBit(string source)
    {
        using var folder = new TemporaryFolder();
        await WriteEventfulAsync(folder["data"]);
        FolderCopy.Make(folder["data"], folder["whole"]);
        await using var continued = await NightRig.OverAsync(folder["data"]);
        await using var whole = await NightRig.OverAsync(folder["whole"]);

        await RunAsync(continued, Day(2), "collect", source);
        await RunAsync(continued, Day(3), "collect", source);
        var (first, second) = (await RunAsync(continued, Day(4), "features", source), await RunAsync(whole, Day(4), "features", source));

        Assert.Matches("state before them: from [0-9]+-[0-9]{19}, 0 events", first.Verdict);
        Assert.Equal(0, first.Counts["events_before_folded"]);
        Assert.Contains("folded from the first entry", second.Verdict, StringComparison.Ordinal);
        Assert.True(second.Counts["events_before_folded"] > 1000);
        foreach (var file in (string[])[.. PastFiles, "rows.f32", "log/users.bin", "log/items.bin", "log/events.bin"])
            Assert.Equal(await ReadAsync(whole, Day(4), file), await ReadAsync(continued, Day(4), file));
    }

    [Fact]
    public async Task Run_ANightLeftOut_FoldsOnFromTheStateBeforeIt()
    {
        using var folder = new TemporaryFolder();
        await WriteEventfulAsync(folder["data"]);
        FolderCopy.Make(folder["data"], folder["whole"]);
        await using var continued = await NightRig.OverAsync(folder["data"]);
        await using var whole = await NightRig.OverAsync(folder["whole"]);

        await RunAsync(continued, Day(2), "collect");
        var (first, second) = (await RunAsync(continued, Day(4), "collect"), await RunAsync(whole, Day(4), "collect"));

        Assert.InRange(first.Counts["events_before_folded"], 1, second.Counts["events_before_folded"] - 1);
        foreach (var file in PastFiles) Assert.Equal(await ReadAsync(whole, Day(4), file), await ReadAsync(continued, Day(4), file));
    }

    [Fact]
    public async Task Run_WholeNightFromAWrittenState_GivesTheSamePayload()
    {
        await using var continued = await NightRig.CopyAsync(fixture, night: false);
        await using var whole = await NightRig.CopyAsync(fixture, night: false);
        (continued.Options.Nightly.Days, whole.Options.Nightly.Days) = (3, 3);

        await RunAsync(continued, NightFixture.Day.AddDays(-1), "collect", days: 3);
        var (first, second) = (await continued.RunAsync(), await whole.RunAsync());

        Assert.Matches("from [0-9]+-[0-9]{19}, 0 events", first.Steps[0].Verdict);
        Assert.Contains("from the first entry", second.Steps[0].Verdict, StringComparison.Ordinal);
        Assert.Equal(NightResumeTests.Payload(second), NightResumeTests.Payload(first));
    }

    [Theory]
    [InlineData("users.bin", "its file users.bin is damaged")]
    [InlineData("catalogue.bin", "its file catalogue.bin is damaged")]
    [InlineData("manifest.json", "its manifest is missing or damaged")]
    public async Task Run_StateDamaged_IsRefusedByNameAndFoldedAgain(string file, string reason)
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);
        await RunAsync(rig, NightFixture.Day.AddDays(-1), "collect");
        var path = Path.Combine(StateOf(rig), file);
        var bytes = await File.ReadAllBytesAsync(path, Ct);
        bytes[bytes.Length / 2] ^= 0x55;
        await File.WriteAllBytesAsync(path, file == "manifest.json" ? bytes[..^9] : bytes, Ct);

        await AssertRefusedAsync(rig, reason);
    }

    [Theory]
    [InlineData("\"feature_hash\": \"", "\"feature_hash\": \"0", "for other features")]
    [InlineData("\"epoch\": ", "\"epoch\": 2", "it is of epoch 2")]
    [InlineData("\"received_ms\": ", "\"received_ms\": 1", "it is of another log")]
    [InlineData("\"forms\": \"", "\"forms\": \"older ", "of other forms")]
    public async Task Run_StateOfSomethingElse_IsRefusedByNameAndFoldedAgain(string what, string other, string reason)
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);
        await RunAsync(rig, NightFixture.Day.AddDays(-1), "collect");
        var manifest = Path.Combine(StateOf(rig), "manifest.json");
        var text = await File.ReadAllTextAsync(manifest, Ct);
        Assert.Contains(what, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(manifest, text.Replace(what, other, StringComparison.Ordinal), Ct);

        await AssertRefusedAsync(rig, reason);
    }

    [Fact]
    public async Task Run_UserErasedSince_RemovesTheStateAndFoldsAgain()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);
        await RunAsync(rig, NightFixture.Day.AddDays(-1), "collect");
        var state = StateOf(rig);
        await rig.Database.EventLog.AppendAsync([new UserErasure(NightFixture.World.Users[0].Id)], Ct);
        await rig.Database.FinishErasuresAsync(Ct);

        await AssertRefusedAsync(rig, "erased since");

        Assert.False(Directory.Exists(state));
    }

    [Fact]
    public async Task Run_StrangerErasedSince_KeepsTheState()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);
        await RunAsync(rig, NightFixture.Day.AddDays(-1), "collect");
        // Nobody has heard of this one before.
        await rig.Database.EventLog.AppendAsync([new UserErasure("stranger")], Ct);

        var collected = await RunAsync(rig, NightFixture.Day, "collect");

        Assert.Matches("from [0-9]+-[0-9]{19}, 0 events", collected.Verdict);
    }

    [Fact]
    public async Task Run_StatesOfNineDays_AreKeptAndOlderOnesAreNot()
    {
        await using var rig = await NightRig.CopyAsync(fixture, night: false);
        await RunAsync(rig, NightFixture.Day.AddDays(-1), "collect");
        var old = StateOf(rig);
        var manifest = Path.Combine(old, "manifest.json");
        var (kept, gone) = (NightFixture.Day.AddDays(-9), NightFixture.Day.AddDays(-10));
        await WriteNightAsync(kept);
        await RunAsync(rig, NightFixture.Day, "collect");
        Assert.True(Directory.Exists(old));
        await WriteNightAsync(gone);

        await RunAsync(rig, NightFixture.Day, "collect");

        Assert.False(Directory.Exists(old));
        Assert.Single(Directory.GetDirectories(Path.GetDirectoryName(old)!));

        async Task WriteNightAsync(DateOnly day) => await File.WriteAllTextAsync(manifest, Regex.Replace(
            await File.ReadAllTextAsync(manifest, Ct), "\"night\": \"[0-9-]+\"", $"\"night\": \"{day:yyyy-MM-dd}\""), Ct);
    }

    private static async Task AssertRefusedAsync(NightRig rig, string reason)
    {
        var name = Path.GetFileName(StateOf(rig));

        var collected = await RunAsync(rig, NightFixture.Day, "collect");

        Assert.Contains("folded from the first entry", collected.Verdict, StringComparison.Ordinal);
        Assert.Contains($"The state {name} is refused: ", collected.Text, StringComparison.Ordinal);
        Assert.Contains(reason, collected.Text, StringComparison.Ordinal);
    }

    private static string StateOf(NightRig rig) => Directory.GetDirectories(Path.Combine(rig.Data, "nights", "states")).Single();

    private static DateOnly Day(int day) => DateOnly.FromDateTime(NightFixture.Start.UtcDateTime).AddDays(day);

    private static Task<byte[]> ReadAsync(NightRig rig, DateOnly day, string file) =>
        File.ReadAllBytesAsync(Path.Combine(rig.Data, "nights", $"{day:yyyy-MM-dd}", file), Ct);

    // Stops behind a step; gives what is kept of the first.
    private static async Task<StepResult> RunAsync(NightRig rig, DateOnly day, string last, string source = "lake", int days = 2)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        rig.Options.Nightly.Days = days;
        rig.Finished = step =>
        {
            if (step == last) stop.Cancel();
        };
        var request = NightRig.Request(day) with { Source = source, FromStep = "collect" };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rig.RunAsync(request, stop.Token));
        rig.Finished = null;
        return await NightJson.ReadAsync<StepResult>(
            Path.Combine(rig.Data, "nights", $"{day:yyyy-MM-dd}", "steps", "01-collect.json"), Ct);
    }

    // Five received days in which everything happens: items come, change and go, visitors turn out to be users one after another, events
    // come late, are taken back and are nobody's, users are erased.
    private static async Task WriteEventfulAsync(string data)
    {
        var clock = new FakeTimeProvider(NightFixture.Start);
        await using var database = Databases.Open(data, clock);
        var world = NightFixture.World;
        var days = world.GenerateHistory().GroupBy(e => e.Time.Date).Take(5).Select(day => day.ToList()).ToArray();
        await ImportAsync([.. world.Items.Take(250).Select(item => new ItemPut(item)), .. world.Users.Select(user => new UserPut(user))]);
        // What is on items that are not there yet comes with them, late.
        var known = world.Items.Take(250).Select(item => item.Id).ToHashSet(StringComparer.Ordinal);
        var later = new List<Event>();
        for (var day = 0; day < days.Length; day++)
        {
            clock.SetUtcNow(NightFixture.Start.AddDays(day + 1).AddHours(-1));
            var user = world.Users[20 + 3 * day];
            var changes = new List<LogChange>();
            foreach (var (at, e) in days[day].Index())
            {
                if (!known.Contains(e.ItemId)) later.Add(e);
                // A tenth comes a day late.
                else if (at % 10 == 3) later.Add(e);
                else changes.Add(new EventChange(at % 50 == 7 ? e with { UserId = $"visitor-{e.UserId}" } : e));
                if (at % 40 == 9) changes.Add(new EventChange(e with { Id = e.Id + "-undo", Meaning = EventMeaning.Undo }));
            }
            var half = changes.Count / 2;
            changes.Insert(half, new ItemPut(world.Items[3 * day] with { Price = 5 + day, Category = "moved" }));
            changes.Insert(half, new ItemRemoval(world.Items[100 + day].Id));
            changes.Insert(half, new UserMerge($"visitor-{user.Id}", user.Id));
            changes.Insert(half, new UserMerge(user.Id, world.Users[21 + 3 * day].Id));
            await ImportAsync(changes);
            foreach (var item in world.Items.Skip(250 + 10 * day).Take(10))
            {
                known.Add(item.Id);
                await ImportAsync([new ItemPut(item)]);
            }
            await ImportAsync([.. later.Where(e => known.Contains(e.ItemId) && e.Time.Date < NightFixture.Start.AddDays(day).Date)
                .Select(e => new EventChange(e))]);
            later.RemoveAll(e => known.Contains(e.ItemId) && e.Time.Date < NightFixture.Start.AddDays(day).Date);
            if (day is 1 or 3) await ImportAsync([new UserErasure(world.Users[60 + day].Id)]);
        }
        await database.FinishErasuresAsync(Ct);
        var head = await database.EventLog.ReadHeadAsync(Ct);
        await database.EventLog.RecordAsync(head.Resolved, head.Position, [], Ct);
        clock.SetUtcNow(NightFixture.Start.AddDays(6));
        using var lake = new FolderLakeStore(Path.Combine(data, "lake"));
        await new LakeExport(lake, LakeSource.Of(database), clock, new LakeOptions()).RunAsync(new LakeExportRequest(), ct: Ct);

        async Task ImportAsync(IReadOnlyList<LogChange> changes)
        {
            foreach (var chunk in changes.Chunk(500)) await database.EventLog.AppendAsync(chunk, Ct);
        }
    }
}
