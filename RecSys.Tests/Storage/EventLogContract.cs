using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Tests.Storage;

public abstract class EventLogContract(Func<ValueTask<IStoreBackend>> open) : StoreContract(open)
{
    private static readonly Gen<string> FewIds = Gen.Int[0, 5].Select(number => $"id{number}");

    // Few ids, so that everything meets everything: duplicates, unknown items, erased users, lists that were reported.
    internal static readonly Gen<LogChange> AnyChange = Gen.OneOf(
        Event(), Event(), Event(),
        Sample.AnyItem.Select(FewIds, Gen.Int[0, 1])
            .Select(LogChange (content, id, plain) => new ItemPut(plain == 0 ? Sample.Item(id) : content with { Id = id })),
        FewIds.Select(LogChange (id) => new ItemRemoval(id)),
        Sample.AnyUser.Select(FewIds, Gen.Int[0, 1])
            .Select(LogChange (content, id, plain) => new UserPut(plain == 0 ? Sample.User(id) : content with { Id = id })),
        Gen.Select(FewIds, FewIds).Where(pair => pair.Item1 != pair.Item2)
            .Select(LogChange (pair) => new UserMerge(pair.Item1, pair.Item2)),
        Gen.Select(FewIds, Gen.Int[0, 9]).Select(LogChange (id, dice) => dice == 0 ? new UserErasure(id) : new ItemRemoval(id)),
        Gen.Select(FewIds, FewIds, Gen.Int[0, 99].Array[0, 4])
            .Select(LogChange (request, user, items) => new ListShown($"{user}-{request[2..]}", user, items, Sample.Noon)),
        FewIds.Select(LogChange (hash) => new PolicyPut(hash, "{}")),
        Gen.Select(FewIds, Gen.Int[0, 3])
            .Select(LogChange (rule, form) => new RuleChange(rule, form == 0 ? null : $"{{\"{form}\":\"é\"}}", rule)));

    private static string Short(LogChange change) => change switch
    {
        EventChange { Event: var e } => $"{e.Type} {e.Id} of {e.UserId} on {e.ItemId}",
        ItemPut put => $"item {put.Item.Id}",
        UserPut put => $"user {put.User.Id}",
        ItemRemoval removal => $"item {removal.ItemId} removed",
        _ => change.ToString(),
    };

    private static Gen<LogChange> Event() =>
        Gen.Select(Sample.AnyEvent, Gen.Int[0, 60], FewIds, FewIds, Gen.Int[-40, 1]).Select(LogChange (content, id, user, item, day) =>
            new EventChange(
                content with { Id = $"e{id}", UserId = user, ItemId = item, RequestId = id % 2 == 0
                ? $"{user}-{id % 6}" : null, Time = Sample.Noon.AddDays(day) }));

    [Fact]
    public async Task AppendAsync_AnyChanges_FollowsTheRulesAndReturnsWhatIsReadBack() =>
        await Gen.Select(AnyChange.Array[1, 12], Gen.Bool).Array[1, 12].SampleAsync(async batches =>
    {
        await using var store = await FreshAsync();
        var model = new LogModel(mostParked: 20);
        var entries = new List<LogEntry>();
        var told = new List<string>();
        foreach (var (changes, imported) in batches)
        {
            var expected = changes.Select(change => model.Append(change, imported, Sample.Noon)).ToList();

            var appended = imported ? await store.Import.ImportAsync(changes, Ct) : await store.EventLog.AppendAsync(changes, Ct);

            Assert.Equal(expected.Count, appended.Results.Count);
            foreach (var (change, wanted, result) in changes.Zip(expected, appended.Results))
            {
                told.Add($"{(imported ? "imported " : "")}{Short(change)}: {result}");
                Assert.True(wanted == result, $"{string.Join('\n', told)}\nexpected {wanted}");
            }
            entries.AddRange(appended.Entries);
        }
        Assert.Equal(model.Entries, entries.Select(entry => (entry.Change.Kind, entry.Item, (entry.Change as EventChange)?.Event.Id)));
        Assert.Equal(Enumerable.Range(1, entries.Count).Select(position => (long)position), entries.Select(entry => entry.Position));
        Assert.Equal(model.Parked, (await store.Contents.CountAsync(Ct)).Parked);
        // An erasure takes subjects out of what is stored, so that only logs without one are read back as they were returned.
        if (entries.All(entry => entry.Change is not UserErasure)) Sample.AssertSame(entries, await store.EntriesAsync());
        Assert.Equal(entries.Count, (await store.EventLog.ReadHeadAsync(Ct)).Position);
    }, iter: 60, threads: 1);

    [Fact]
    public async Task AppendAsync_AnyEventsAndContents_ComeBackUnchanged() =>
        await Gen.Select(Sample.AnyEvent, Sample.AnyItem, Sample.AnyUser).Array[1, 20].SampleAsync(async records =>
    {
        await using var store = await FreshAsync();
        var changes = records.SelectMany(IEnumerable<LogChange> (record) =>
            [new ItemPut(record.Item2), new EventChange(record.Item1 with { ItemId = record.Item2.Id }), new UserPut(record.Item3)])
            .ToList();

        var appended = await store.Import.ImportAsync(changes, Ct);

        var accepted = changes.Where((_, at) => appended.Results[at].Outcome == AppendOutcome.Accepted).ToList();
        var read = await store.EntriesAsync();
        Sample.AssertSame(appended.Entries, read);
        Assert.Equal(accepted.OfType<EventChange>(), read.Select(entry => entry.Change).OfType<EventChange>());
        foreach (var (expected, actual) in accepted.OfType<ItemPut>().Zip(read.Select(entry => entry.Change).OfType<ItemPut>()))
            Sample.AssertSame(expected.Item, actual.Item);
        foreach (var (expected, actual) in accepted.OfType<UserPut>().Zip(read.Select(entry => entry.Change).OfType<UserPut>()))
            Sample.AssertSame(expected.User, actual.User);
    }, iter: 60, threads: 1);

    [Fact]
    public async Task AppendAsync_MergeOfWhomOnlyAMergeNamed_IsKnown()
    {
        await Store.EventLog.AppendAsync(
            [new UserPut(Sample.User("visitor")), new UserMerge("visitor", "account"), new UserMerge("visitor", "household")], Ct);

        // The profile went on to the household, and no entry of its own names the account.
        var appended = await Store.EventLog.AppendAsync([new UserMerge("account", "family"), new UserMerge("stranger", "family")], Ct);

        Assert.Equal([AppendOutcome.Accepted, AppendOutcome.Unknown], appended.Results.Select(result => result.Outcome));
    }

    [Fact]
    public async Task AppendAsync_MergeOfWhomSomebodyWasMergedInto_IsKnown()
    {
        await Store.KnowAsync("i");
        await Store.EventLog.AppendAsync([new EventChange(Sample.Event("1", user: "visitor")), new UserMerge("visitor", "account")], Ct);

        // The account has nothing of its own, but the visitor's history.
        var appended = await Store.EventLog.AppendAsync([new UserMerge("account", "family")], Ct);

        Assert.Equal(AppendOutcome.Accepted, Assert.Single(appended.Results).Outcome);
    }

    [Fact]
    public async Task AppendAsync_OneBadChange_StoresNothingOfTheBatch()
    {
        await Store.KnowAsync("i");

        var failure = await Assert.ThrowsAsync<RecSysException>(() =>
            Store.EventLog.AppendAsync([new EventChange(Sample.Event("1")), new EventChange(Sample.Event("2", user: "a\0"))], Ct));

        Assert.Contains("user_id", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await Store.EventLog.ReadHeadAsync(Ct)).Position);
        Assert.Equal(AppendOutcome.Accepted,
            (await Store.EventLog.AppendAsync([new EventChange(Sample.Event("1"))], Ct)).Results[0].Outcome);
    }

    [Fact]
    public async Task AppendAsync_RemovedItem_KeepsItsNumberAndGetsItBack()
    {
        await Store.KnowAsync("a", "b");
        await Store.EventLog.AppendAsync([new ItemRemoval("a")], Ct);

        var again = await Store.EventLog.AppendAsync(
            [new ItemPut(Sample.Item("c")), new ItemPut(Sample.Item("a")), new EventChange(Sample.Event("1", item: "a"))], Ct);

        Assert.Equal([2, 0, 0], again.Entries.Select(entry => entry.Item));
        Assert.Equal(3, (await Store.EventLog.ReadHeadAsync(Ct)).NextItem);
    }

    [Fact]
    public async Task AppendAsync_EventsBeforeTheirItem_FollowItInTheOrderInWhichTheyHappened()
    {
        var late = Sample.Event("late", Sample.Noon.AddMinutes(5));
        var early = Sample.Event("early", Sample.Noon.AddMinutes(-5));
        var parked = await Store.EventLog.AppendAsync([new EventChange(late), new EventChange(early), new EventChange(late)], Ct);
        Store.Clock.Advance(TimeSpan.FromHours(1));

        var appended = await Store.EventLog.AppendAsync([new ItemPut(Sample.Item("i")), new EventChange(Sample.Event("new"))], Ct);

        Assert.All(parked.Results, result => Assert.Equal(new AppendResult(AppendOutcome.Parked, 0), result));
        Assert.Empty(parked.Entries);
        Assert.Equal([1, 4], appended.Results.Select(result => result.Position));
        Assert.Equal(["early", "late", "new"],
            appended.Entries.Select(entry => entry.Change).OfType<EventChange>().Select(change => change.Event.Id));
        Assert.Equal(early.Time.ToUnixTimeMilliseconds(), appended.Entries[1].FoldMs);
        Assert.Equal(Store.Clock.GetUtcNow().ToUnixTimeMilliseconds(), appended.Entries[1].ReceivedMs);
        Assert.Equal(AppendOutcome.Duplicate, (await Store.EventLog.AppendAsync([new EventChange(late)], Ct)).Results[0].Outcome);
        Assert.Equal(0, (await Store.Contents.CountAsync(Ct)).Parked);
    }

    [Fact]
    public async Task AppendAsync_ParkedTooLong_IsForgottenAndMakesRoom()
    {
        await Store.EventLog.AppendAsync([.. Enumerable.Range(0, 20).Select(i => new EventChange(Sample.Event($"{i}", item: "gone")))], Ct);
        Assert.Equal(AppendOutcome.Full,
            (await Store.EventLog.AppendAsync([new EventChange(Sample.Event("more", item: "gone"))], Ct)).Results[0].Outcome);
        Store.Clock.Advance(TimeSpan.FromDays(31));

        var fresh = await Store.EventLog.AppendAsync([new EventChange(Sample.Event("more", Store.Clock.GetUtcNow(), item: "gone"))], Ct);

        Assert.Equal(AppendOutcome.Parked, fresh.Results[0].Outcome);
        var appended = await Store.EventLog.AppendAsync([new ItemPut(Sample.Item("gone"))], Ct);
        Assert.Equal(["more"], appended.Entries.Select(entry => entry.Change).OfType<EventChange>().Select(change => change.Event.Id));
    }

    [Fact]
    public async Task AppendAsync_IdsAfterThirtyDays_AreForgottenIfPostedAndKnownIfImported()
    {
        await Store.KnowAsync("i");
        await Store.EventLog.AppendAsync([new EventChange(Sample.Event("posted"))], Ct);
        await Store.ImportAsync(Sample.Event("imported", Sample.Noon.AddYears(-9)));
        Store.Clock.Advance(TimeSpan.FromDays(31));
        var now = Store.Clock.GetUtcNow();

        var results = (await Store.EventLog.AppendAsync(
            [
                new EventChange(Sample.Event("posted")), new EventChange(Sample.Event("posted", now)),
                    new EventChange(Sample.Event("posted", now)),
                new EventChange(Sample.Event("imported", now)),
            ], Ct)).Results;

        Assert.Equal([AppendOutcome.TooOld, AppendOutcome.Accepted, AppendOutcome.Duplicate, AppendOutcome.Duplicate],
            results.Select(result => result.Outcome));
    }

    [Fact]
    public async Task AppendAsync_ClockSetBack_KeepsTheReceiptsInOrder()
    {
        var first = (await Store.KnowAsync("a")).Entries[0].ReceivedMs;
        Store.Clock.AdjustTime(Sample.Noon.AddHours(-3));

        var second = (await Store.KnowAsync("b")).Entries[0].ReceivedMs;

        Assert.Equal(first, second);
        Store.Clock.AdjustTime(Sample.Noon.AddHours(3));
        Assert.Equal(Sample.Noon.AddHours(3).ToUnixTimeMilliseconds(), (await Store.KnowAsync("c")).Entries[0].ReceivedMs);
    }

    [Fact]
    public async Task AppendAsync_ManyWritersInTwoProcesses_AcceptEachIdOnceAndLeaveNoGap()
    {
        await Store.KnowAsync("i");
        await using var other = Store.Another();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            var log = writer % 2 == 0 ? Store.EventLog : other.EventLog;
            var accepted = 0;
            for (var batch = 0; batch < 10; batch++)
            {
                var events = Enumerable.Range(0, 10).Select(i => new EventChange(Sample.Event($"{batch * 5 + i + writer % 3}"))).ToList();
                accepted += (await log.AppendAsync(events, Ct)).Results.Count(result => result.Outcome == AppendOutcome.Accepted);
            }
            return accepted;
        }, Ct)));

        // Ids 0 to 9 * 5 + 9 + 2.
        Assert.Equal(57, outcomes.Sum());
        Assert.Equal(Enumerable.Range(1, 58).Select(position => (long)position),
            (await Store.EntriesAsync()).Select(entry => entry.Position));
        Assert.Equal(await other.EventLog.ReadHeadAsync(Ct), await Store.EventLog.ReadHeadAsync(Ct));
        Assert.Equal(57, (await other.Contents.CountAsync(Ct)).Events);
    }

    [Fact]
    public async Task ReadAfterAsync_WhileOthersAppend_EndsAtTheHeadOfItsCall()
    {
        await Store.KnowAsync(Enumerable.Range(0, 5_000).Select(i => $"{i}"));
        var seen = 0;

        await foreach (var entry in Store.EventLog.ReadAfterAsync(10, Ct))
        {
            if (seen++ == 0) await Store.KnowAsync("another");
            Assert.Equal(10 + seen, entry.Position);
        }

        Assert.Equal(4_990, seen);
    }

    [Fact]
    public async Task RecordAsync_Contributions_AreReadBackExactlyAndOnce()
    {
        await Store.KnowAsync("i");
        await Store.ImportAsync([.. Enumerable.Range(0, 6).Select(i => Sample.Event($"{i}"))]);
        var contribution = new Contribution(PlayKind.Began | PlayKind.WasLong, 0.1f, 1f / 3, float.Epsilon, 1e30f);

        Assert.True(await Store.EventLog.RecordAsync(0, 5, [(2, contribution), (4, Contribution.None)], Ct));
        Assert.False(await Store.EventLog.RecordAsync(0, 6, [(6, contribution)], Ct));
        Assert.True(await Store.EventLog.RecordAsync(5, 6, [(6, contribution)], Ct));

        Assert.Equal([null, contribution, Contribution.None, Contribution.None, Contribution.None, contribution, null],
            (await Store.EntriesAsync()).Select(entry => entry.Contribution));
        Assert.Equal(6, (await Store.EventLog.ReadHeadAsync(Ct)).Resolved);
    }

    [Fact]
    public async Task RecordAsync_BeyondTheLogOrOutsideItsRange_IsADefectAndRecordsNothing()
    {
        await Store.KnowAsync("a", "b");

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.EventLog.RecordAsync(0, 3, [], Ct));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() =>
            Store.EventLog.RecordAsync(0, 1, [(2, new Contribution(PlayKind.Began))], Ct));

        Assert.Equal(0, (await Store.EventLog.ReadHeadAsync(Ct)).Resolved);
        Assert.True(await Store.EventLog.RecordAsync(0, 2, [], Ct));
    }
}
