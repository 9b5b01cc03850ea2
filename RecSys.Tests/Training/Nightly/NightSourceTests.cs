using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Storage;
using RecSys.Core.Storage.Lake;
using RecSys.Core.Training.Nightly.Sources;
using RecSys.Core.Training.Nightly.States;
using RecSys.Tests.Storage;
using RecSys.Tests.Storage.Lake;

namespace RecSys.Tests.Training.Nightly;

/// <summary>A night gathers out of the lake and out of the log what the database's own columnar reading gives.</summary>
public sealed class NightSourceTests
{
    // All that the logs here have.
    private const int Days = 100;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Feed_AnyEntries_EqualsTheDatabase() =>
        await Gen.Select(EventLogContract.AnyChange.Array[1, 15], Gen.Bool, Gen.Int[0, 30]).Array[1, 8].SampleAsync(async batches =>
    {
        await using var rig = await LakeRig.OpenAsync();
        await rig.Database.KnowAsync("id0", "id1", "id2");
        // Of a user who became another and was erased afterwards the lake may not know any more that a profile was there.
        var merges = batches.Any(batch => batch.Item1.Any(change => change is UserMerge));
        foreach (var (all, imported, hours) in batches)
        {
            LogChange[] changes = [.. all.Where(change => !merges || change is not UserErasure)];
            _ = imported ? await rig.Database.Import.ImportAsync(changes, Ct) : await rig.Database.EventLog.AppendAsync(changes, Ct);
            rig.Database.Clock.Advance(TimeSpan.FromHours(hours));
        }
        await rig.Database.FinishErasuresAsync();
        // A day closes some minutes behind its end: one later is too early for what came right after midnight.
        rig.Database.Clock.Advance(TimeSpan.FromDays(2));
        await rig.ExportAsync();

        await AssertSameAsync(rig);
    }, iter: 12, threads: 1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Feed_MergesAndLaterErasures_EqualsTheDatabase(int seed)
    {
        var random = new Random(seed);
        await using var rig = await LakeRig.OpenAsync();
        await rig.Database.KnowAsync("i", "j", "k");
        var names = Enumerable.Range(0, 8).Select(at => $"u{at}").ToArray();
        for (var round = 0; round < 8; round++)
        {
            await rig.Database.ImportAsync([.. Enumerable.Range(30 * round, 30).Select(at =>
                Sample.Event($"{at}", Sample.Noon.AddMinutes(at - 1000), names[random.Next(8)], "ijk"[random.Next(3)].ToString()) with
                {
                    Type = random.Next(3) == 0 ? EventType.Purchase : EventType.Impression, Position = random.Next(10), Device = "mobile",
                    Location = random.Next(2) == 0 ? "SF" : null, Amount = random.Next(100), Meaning = (EventMeaning?)random.Next(3),
                })]);
            await rig.Database.EventLog.AppendAsync([new UserPut(Sample.User(names[random.Next(8)]) with { Age = round })], Ct);
            var from = random.Next(6);
            await rig.Database.EventLog.AppendAsync([new UserMerge(names[from], names[(from + 1 + random.Next(5)) % 6])], Ct);
            rig.Database.Clock.Advance(TimeSpan.FromHours(9));
        }
        rig.Database.Clock.Advance(TimeSpan.FromDays(1));
        await rig.ExportAsync();
        // After the days were closed: the lake has their subjects, the database has not.
        await rig.Database.EventLog.AppendAsync([new UserErasure("u6"), new UserErasure("u7")], Ct);
        await rig.Database.FinishErasuresAsync();

        var log = await AssertSameAsync(rig);

        Assert.NotEmpty(log.Merges);
        Assert.Contains(log.Events.ToArray(), e => e.User < 0);
    }

    [Fact]
    public async Task Feed_ThroughAnEarlierDay_IsTheLogAsItWasThen()
    {
        await using var rig = await LakeRig.OpenAsync();
        await rig.Database.KnowAsync("i", "j");
        await rig.Database.EventLog.AppendAsync([new UserPut(Sample.User("u") with { Age = 30 })], Ct);
        await rig.Database.ImportAsync(Sample.Event("1"), Sample.Event("2", item: "j"));
        var then = await rig.Database.Log.ReadWithCountsAsync(null, null, Ct);
        rig.At(1, 12);
        await rig.Database.EventLog.AppendAsync(
            [new UserPut(Sample.User("u") with { Age = 31 }), new ItemRemoval("i"), new ItemPut(Sample.Item("k")), new UserMerge("u", "v")],
            Ct);
        rig.At(2, 12);
        await rig.ExportAsync();

        foreach (var source in await SourcesAsync(rig, LakeRig.FirstDay))
        {
            var log = await GatherAsync(source);

            AssertSame(then, log);
            Assert.Equal((30, true, 5L), (log.Users[0].Age, log.Items.IsServable(0), source.Window.LastPosition));
        }
    }

    [Fact]
    public async Task Open_LakeWithoutItsFirstDay_IsRefused()
    {
        await using var rig = await LakeRig.OpenAsync();
        await rig.Database.KnowAsync("i");
        rig.At(2, 12);
        await rig.ExportAsync();
        Directory.Delete(rig.FolderOf(0), recursive: true);

        var refusal = await Assert.ThrowsAsync<RecSysException>(() =>
            LakeNightSource.OpenAsync(rig.Lake, rig.Database.Contents, LakeRig.FirstDay.AddDays(1), Days, Ct));

        Assert.Contains(
            $"begins on {LakeRig.FirstDay.AddDays(1):yyyy-MM-dd} with entry 2 of the log", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Put its first days back", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_DayBeforeTheLakesFirst_SaysWhereTheLakeBeginsAndWhatToChoose()
    {
        await using var rig = await LakeRig.OpenAsync();
        await rig.Database.KnowAsync("i");
        rig.At(2, 12);
        await rig.ExportAsync();

        var refusal = await Assert.ThrowsAsync<RecSysException>(() =>
            LakeNightSource.OpenAsync(rig.Lake, rig.Database.Contents, LakeRig.FirstDay.AddDays(-1), Days, Ct));

        Assert.Contains($"begins on {LakeRig.FirstDay:yyyy-MM-dd}, so it has nothing", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"Choose {LakeRig.FirstDay:yyyy-MM-dd} or a later day (--day)", refusal.Message, StringComparison.Ordinal);
        // Nothing is missing from it.
        Assert.DoesNotContain("back", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<InteractionLog> AssertSameAsync(LakeRig rig)
    {
        // The erasures of the theory above stand behind the last day of the lake.
        var expected = await rig.Database.Log.ReadWithCountsAsync(null, null, Ct);
        var last = default(DateOnly);
        await foreach (var day in new LakeDays(rig.Lake).ReadAsync(LakeTable.Log, null, null, Ct)) last = day.Day;
        foreach (var source in await SourcesAsync(rig, last)) AssertSame(expected, await GatherAsync(source));
        return expected.Log;
    }

    private static async Task<INightSource[]> SourcesAsync(LakeRig rig, DateOnly day) =>
    [
        await LakeNightSource.OpenAsync(rig.Lake, rig.Database.Contents, day, Days, Ct),
        await DatabaseNightSource.OpenAsync(rig.Database.EventLog, rig.Database.Contents, day, Days, Ct),
    ];

    private static async Task<InteractionLog> GatherAsync(INightSource source)
    {
        var (first, last) = (source.Window.FirstPosition, source.Window.LastPosition);
        var collector = new WindowCollector(new PastState(), first, source.Window.NextFirstPosition, 0, _ => { }, _ => { });
        await source.FeedAsync(0, collector, null, Ct);
        return collector.Finish(last);
    }

    private static void AssertSame(InteractionLogReading expected, InteractionLog other)
    {
        var mine = expected.Log;
        Assert.Equal(Named(mine), Named(other));
        Assert.Equal(mine.Positions.ToArray(), other.Positions.ToArray());
        Assert.Equal(
            mine.Merges.Select(merge => (merge.Position, mine.Users[merge.From].Id, mine.Users[merge.Into].Id)),
            other.Merges.Select(merge => (merge.Position, other.Users[merge.From].Id, other.Users[merge.Into].Id)));
        Assert.Equal(mine.Users.Count, other.Users.Count);
        // Users without a profile have no order of their own.
        var others = Users(other).ToDictionary(user => user.Id);
        Assert.All(Users(mine), user => Sample.AssertSame(user, others[user.Id]));
        Assert.Equal(mine.Items.Count, other.Items.Count);
        for (var item = 0; item < mine.Items.Count; item++)
        {
            Assert.Equal(mine.Items.IsServable(item), other.Items.IsServable(item));
            Sample.AssertSame(mine.Items[item], other.Items[item]);
        }
    }
    private static IEnumerable<User> Users(InteractionLog log) => Enumerable.Range(0, log.Users.Count).Select(at => log.Users[at]);

    private static IEnumerable<(string? User, LogEvent Event)> Named(InteractionLog log) =>
        log.Events.ToArray().Select(e => (e.User < 0 ? null : log.Users[e.User].Id, e with { User = -1 }));
}
