using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Storage;
using RecSys.Core.Storage.Lake;

namespace RecSys.Tests.Storage.Lake;

/// <summary>Training out of the lake reads what it reads out of the database.</summary>
public sealed class LakeInteractionLogTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadWithCountsAsync_AnyEntries_EqualsTheDatabase() =>
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

        await AssertSameAsync(rig, null, null);
        await AssertSameAsync(rig, Sample.Noon.AddDays(-11), Sample.Noon.AddHours(20));
    }, iter: 12, threads: 1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task ReadWithCountsAsync_MergesAndLaterErasures_EqualsTheDatabase(int seed)
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

        var log = await AssertSameAsync(rig, null, null);

        Assert.NotEmpty(log.Merges);
        Assert.Contains(log.Events.ToArray(), e => e.User < 0);
        await AssertSameAsync(rig, Sample.Noon.AddMinutes(-900), Sample.Noon.AddMinutes(-850));
    }

    [Fact]
    public async Task ReadWithCountsAsync_ThroughAnEarlierDay_IsTheLogAsItWasThen()
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

        var reading = await new LakeInteractionLogReader(rig.Lake, [], LakeRig.FirstDay).ReadWithCountsAsync(null, null, Ct);

        AssertSame(then, reading);
        Assert.Equal((30, true, 5L), (reading.Log.Users[0].Age, reading.Log.Items.IsServable(0), reading.LastPosition));
    }

    [Fact]
    public async Task ReadWithCountsAsync_LakeWithoutItsFirstDay_IsRefused()
    {
        await using var rig = await LakeRig.OpenAsync();
        await rig.Database.KnowAsync("i");
        rig.At(2, 12);
        await rig.ExportAsync();
        Directory.Delete(rig.FolderOf(0), recursive: true);

        var refusal = await Assert.ThrowsAsync<RecSysException>(() =>
            new LakeInteractionLogReader(rig.Lake, []).ReadWithCountsAsync(null, null, Ct));

        Assert.Contains("begins at position 2 of the log", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<InteractionLog> AssertSameAsync(LakeRig rig, DateTimeOffset? from, DateTimeOffset? to)
    {
        var erased = await rig.Database.Contents.ReadErasedAsync(Ct);
        var lake = new LakeInteractionLogReader(rig.Lake, [.. erased.Select(each => each.Id)]);
        // The erasures of the theory above stand behind the last day of the lake.
        var expected = await rig.Database.Log.ReadWithCountsAsync(from, to, Ct);
        AssertSame(expected, await lake.ReadWithCountsAsync(from, to, Ct));
        return expected.Log;
    }

    private static void AssertSame(InteractionLogReading expected, InteractionLogReading actual)
    {
        var (mine, other) = (expected.Log, actual.Log);
        Assert.Equal(mine.Events.ToArray(), other.Events.ToArray());
        Assert.Equal(mine.Positions.ToArray(), other.Positions.ToArray());
        Assert.Equal(mine.Merges, other.Merges);
        Assert.Equal((expected.ImplicitUsers, expected.Epoch), (actual.ImplicitUsers, actual.Epoch));
        Assert.Equal(mine.Users.Count, other.Users.Count);
        for (var user = 0; user < mine.Users.Count; user++) Sample.AssertSame(mine.Users[user], other.Users[user]);
        Assert.Equal(mine.Items.Count, other.Items.Count);
        for (var item = 0; item < mine.Items.Count; item++)
        {
            Assert.Equal(mine.Items.IsServable(item), other.Items.IsServable(item));
            Sample.AssertSame(mine.Items[item], other.Items[item]);
        }
    }
}
