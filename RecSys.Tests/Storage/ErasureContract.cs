using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Tests.Storage;

public abstract class ErasureContract(Func<ValueTask<IStoreBackend>> open) : StoreContract(open)
{
    private async Task<LogAppend> EraseAsync(string user)
    {
        var appended = await Store.EventLog.AppendAsync([new UserErasure(user)], Ct);
        await Store.FinishErasuresAsync();
        return appended;
    }

    [Fact]
    public async Task AppendAsync_Erasure_LeavesNoTraceOfTheUserButTheTombstone()
    {
        var e = Sample.Event("1", user: "secret") with { SessionId = "session", RequestId = "request", Value = 3, Position = 2, Amount = 9,
            Currency = "EUR" };
        await Store.KnowAsync("i");
        await Store.EventLog.AppendAsync(
            [
                new UserPut(Sample.User("secret") with { Location = "home" }), new EventChange(e),
                    new EventChange(e with { Id = "2", UserId = "other" }),
                new EventChange(e with { Id = "3", ItemId = "not yet" }), new ListShown("list", "secret", [0], Sample.Noon),
            ], Ct);
        await Store.EventLog.RecordAsync(0, 5, [(3, new Contribution(PlayKind.Began))], Ct);
        await Store.UserStates.SaveAsync([new StoredUserState("secret", 5, [1])], Ct);
        await Store.DeadLetters.AddAsync(new DeadLetter(Sample.Noon, 3, "secret", "reason", "{}"), Ct);
        await Store.ServedRecords.AppendAsync([Served.Record("served", "secret"), Served.Record("of another", "other")], Ct);

        var erased = await EraseAsync("secret");

        Assert.Equal(new UserErasure("secret"), erased.Entries.Single().Change);
        var entries = await Store.EntriesAsync();
        Assert.Equal("", Assert.IsType<UserPut>(entries[1].Change).User.Id);
        Assert.Null(Assert.IsType<UserPut>(entries[1].Change).User.Location);
        Assert.Equal(new EventChange(e with { UserId = "", SessionId = null, RequestId = null }), entries[2].Change);
        Assert.Equal((0, new Contribution(PlayKind.Began)), (entries[2].Item, entries[2].Contribution!.Value));
        Assert.Equal(new EventChange(e with { Id = "2", UserId = "other" }), entries[3].Change);
        Assert.Equal(("", ""), (Assert.IsType<ListShown>(entries[4].Change).UserId, ((ListShown)entries[4].Change).RequestId));
        Assert.Null(await Store.Contents.FindUserAsync("secret", Ct));
        Assert.Null(Store.UserStates.Find("secret"));
        Assert.Equal(["of another"], (await Store.ServedRecords.ReadAsync(null, Ct).ToListAsync(Ct)).Select(record => record.RequestId));
        Assert.Equal((0, 0), (await Store.DeadLetters.CountAsync(Ct), (await Store.Contents.CountAsync(Ct)).Parked));
        // All that is left under the name is the erasure itself.
        var archive = await Store.Archive.ReadAsync("secret", Ct);
        Assert.Equal([LogKind.UserErasure], archive.Entries.Select(entry => entry.Change.Kind));
        Assert.Equal((0, 0, 0), (archive.Parked.Count, archive.Served.Count, archive.States.Count));
    }

    [Fact]
    public async Task Archive_LatestEventsAndIds_AreBoundedFollowMergesAndLeaveErasedUsersOut()
    {
        await Store.KnowAsync("i");
        foreach (var (user, at) in new[] { "anna", "phone", "anna", "annabel", "Anna", "bob", "anna" }.Select((user, at) => (user, at)))
            await Store.EventLog.AppendAsync([new EventChange(Sample.Event($"{at}", user: user))], Ct);
        await Store.EventLog.AppendAsync([new UserPut(Sample.User("annie")), new UserMerge("phone", "anna")], Ct);

        async Task<string[]> IdsOfEventsAsync(string user, int most) =>
            [.. (await Store.Archive.ReadLatestEventsAsync(user, most, Ct)).Select(entry => ((EventChange)entry.Change).Event.Id)];
        Assert.Equal("6 2 1 0", string.Join(' ', await IdsOfEventsAsync("anna", 10)));
        Assert.Equal("6 2", string.Join(' ', await IdsOfEventsAsync("anna", 2)));
        Assert.Empty(await IdsOfEventsAsync("nobody", 10));
        Assert.Equal(["anna", "annabel", "annie"], await Store.Archive.FindIdsAsync("ann", 10, Ct));
        Assert.Equal(["anna", "annabel"], await Store.Archive.FindIdsAsync("anna", 10, Ct));
        Assert.Equal(["anna"], await Store.Archive.FindIdsAsync("ann", 1, Ct));
        Assert.Empty(await Store.Archive.FindIdsAsync("annz", 10, Ct));

        // Not stripped yet, and nobody's to see all the same.
        await Store.EventLog.AppendAsync([new UserErasure("anna")], Ct);
        Assert.Empty(await IdsOfEventsAsync("anna", 10));
        Assert.Equal(["annabel", "annie"], await Store.Archive.FindIdsAsync("ann", 10, Ct));
        Assert.Equal(["annabel"], await Store.Archive.FindIdsAsync("anna", 10, Ct));
    }

    [Fact]
    public async Task Archive_ErasedUserWhoseEntriesAreStillToBeStripped_ShowsTheErasureAlone()
    {
        await Store.KnowAsync("i");
        await Store.EventLog.AppendAsync(
            [
                new UserPut(Sample.User("anna")), new EventChange(Sample.Event("1", user: "phone")),
                    new EventChange(Sample.Event("2", user: "anna")),
                new UserMerge("phone", "anna"),
            ], Ct);
        await Store.ServedRecords.AppendAsync([Served.Record("served", "anna")], Ct);

        await Store.EventLog.AppendAsync([new UserErasure("anna")], Ct);
        var (anna, phone) = (await Store.Archive.ReadAsync("anna", Ct), await Store.Archive.ReadAsync("phone", Ct));

        Assert.Equal([LogKind.UserErasure], anna.Entries.Select(entry => entry.Change.Kind));
        Assert.Empty(phone.Entries);
        Assert.Equal((0, 0), (anna.Served.Count, phone.Served.Count));
    }

    [Fact]
    public async Task AppendAsync_AnythingOfAnErasedUser_IsRefused()
    {
        await Store.KnowAsync("i");
        await Store.EventLog.AppendAsync([new UserPut(Sample.User("u")), new UserPut(Sample.User("v"))], Ct);
        await EraseAsync("u");

        var results = (await Store.EventLog.AppendAsync(
            [
                new EventChange(Sample.Event("late", user: "u")), new UserPut(Sample.User("u")), new UserMerge("u", "v"),
                    new UserMerge("v", "u"),
                new ListShown("r", "u", [], Sample.Noon), new UserErasure("u"),
            ], Ct)).Results;
        await Store.UserStates.SaveAsync([new StoredUserState("u", 9, [1])], Ct);
        await Store.ServedRecords.AppendAsync([Served.Record("late", "u")], Ct);

        Assert.All(results, result => Assert.Equal(new AppendResult(AppendOutcome.Erased, 0), result));
        Assert.Null(Store.UserStates.Find("u"));
        Assert.Null(await Store.ServedRecords.GetAsync("late", Ct));
    }

    [Fact]
    public async Task AppendAsync_ErasureOfAUserWhoWasVisitors_ErasesThemToo()
    {
        await Store.KnowAsync("i");
        await Store.EventLog.AppendAsync(
            [
                new EventChange(Sample.Event("1", user: "phone")), new EventChange(Sample.Event("2", user: "tablet")),
                    new EventChange(Sample.Event("3", user: "anna")),
                new UserMerge("phone", "tablet"), new UserMerge("tablet", "anna"), new EventChange(Sample.Event("4", user: "ben")),
                new UserMerge("ben", "carl"),
            ], Ct);
        Assert.Equal(["anna", "phone", "tablet"], (await Store.Archive.ReadAsync("anna", Ct)).Ids.Order(StringComparer.Ordinal));

        await EraseAsync("anna");

        var entries = await Store.EntriesAsync();
        Assert.Equal(["", "", "", "ben"],
            entries.Select(entry => entry.Change).OfType<EventChange>().Select(change => change.Event.UserId));
        Assert.Equal([new UserMerge("", ""), new UserMerge("", ""), new UserMerge("ben", "carl")],
            entries.Select(entry => entry.Change).OfType<UserMerge>());
        var results = (await Store.EventLog.AppendAsync([new EventChange(Sample.Event("5", user: "phone"))], Ct)).Results;
        Assert.Equal(AppendOutcome.Erased, results[0].Outcome);
    }

    // The phone is the tablet's when it turns out to be anna's: so the tablet is hers, too.
    [Fact]
    public async Task AppendAsync_ErasureOfAUserWhomAVisitorBecameLater_ErasesWhomTheVisitorHadBecomeBefore()
    {
        await Store.KnowAsync("i");
        await Store.EventLog.AppendAsync(
            [
                new EventChange(Sample.Event("1", user: "phone")), new EventChange(Sample.Event("2", user: "tablet")),
                    new EventChange(Sample.Event("3", user: "anna")),
                new UserMerge("phone", "tablet"), new UserMerge("phone", "anna"),
            ], Ct);
        Assert.Equal(["anna", "phone", "tablet"], (await Store.Archive.ReadAsync("anna", Ct)).Ids.Order(StringComparer.Ordinal));
        Assert.Equal(AppendOutcome.Duplicate, (await Store.EventLog.AppendAsync([new UserMerge("anna", "phone")], Ct)).Results[0].Outcome);

        await EraseAsync("anna");

        Assert.Equal(["", "", ""],
            (await Store.EntriesAsync()).Select(entry => entry.Change).OfType<EventChange>().Select(change => change.Event.UserId));
    }

    [Fact]
    public async Task AppendAsync_ErasureOfAVisitorWhoseProfileHasMovedOn_TakesTheProfileAndLeavesUsersReadable()
    {
        await Store.KnowAsync("i");
        await Store.EventLog.AppendAsync(
            [
                new UserPut(Sample.User("phone") with { Age = 30 }), new UserPut(Sample.User("bea") with { Age = 40 }),
                new EventChange(Sample.Event("1", user: "anna")), new UserMerge("phone", "anna"),
            ], Ct);
        Assert.Equal(30, (await Store.Contents.FindUserAsync("anna", Ct))!.Age);

        await EraseAsync("phone");

        Assert.Null(await Store.Contents.FindUserAsync("anna", Ct));
        Assert.Equal("bea", Assert.Single(await Store.Contents.ReadUsersAsync(Ct).ToListAsync(Ct)).User.Id);
        var log = await Store.Log.ReadAsync(null, null, Ct);
        Assert.Equal(["bea", "anna"], Enumerable.Range(0, log.Users.Count).Select(user => log.Users[user].Id));
    }

    [Fact]
    public async Task AppendAsync_ErasureOfManyEntries_IsCompleteAfterAnotherStart()
    {
        await Store.KnowAsync("i");
        await Store.EventLog.AppendAsync(
            [.. Enumerable.Range(0, 4_500).Select(i => new EventChange(Sample.Event($"{i}", user: i % 3 == 0 ? "other" : "u")))], Ct);
        await Store.EventLog.AppendAsync([new UserErasure("u")], Ct);

        await using var next = Store.Another();
        await next.FinishErasuresAsync();

        var events = (await next.EntriesAsync()).Select(entry => entry.Change).OfType<EventChange>().ToList();
        Assert.Equal((3_000, 1_500),
            (events.Count(change => change.Event.UserId.Length == 0), events.Count(change => change.Event.UserId == "other")));
    }
}
