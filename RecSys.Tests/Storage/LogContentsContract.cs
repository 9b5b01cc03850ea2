using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Storage;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Storage;

public abstract class LogContentsContract(Func<ValueTask<IStoreBackend>> open) : StoreContract(open)
{
    [Fact]
    public async Task FindAsync_ChangedAndRemovedContents_GivesTheLatest()
    {
        await Store.KnowAsync("a", "b");
        await Store.EventLog.AppendAsync(
            [
                new ItemPut(Sample.Item("a") with { Title = "new", Tags = ["x"] }), new ItemRemoval("b"),
                    new UserPut(Sample.User("u") with { Age = 3 }),
                new UserPut(Sample.User("u") with { Age = 4 }), new PolicyPut("hash", "{\"a\":1}"),
            ], Ct);

        var a = (await Store.Contents.FindItemAsync("a", Ct))!;
        var b = (await Store.Contents.FindItemAsync(1, Ct))!;

        Assert.Equal((0, 3, false, "new"), (a.Number, a.Position, a.Removed, a.Item.Title));
        Assert.Equal((1, 2, true, "b"), (b.Number, b.Position, b.Removed, b.Item.Id));
        Assert.Equal(4, (await Store.Contents.FindUserAsync("u", Ct))!.Age);
        Assert.Equal(new PolicyPut("hash", "{\"a\":1}"), await Store.Contents.FindPolicyAsync("hash", Ct));
        Assert.Null(await Store.Contents.FindItemAsync("c", Ct));
        Assert.Null(await Store.Contents.FindItemAsync(2, Ct));
        Assert.Null(await Store.Contents.FindUserAsync("v", Ct));
        Assert.Null(await Store.Contents.FindPolicyAsync("h", Ct));
    }

    [Fact]
    public async Task ReadRuleChangesAsync_PutChangedAndRemoved_GivesTheLatestFirst()
    {
        RuleChange[] changes =
        [
            new("a", "1", "ada"), new("b", "1", "ada"), new("a", "2", "bob"), new("a", null, "ada"), new("a", "1", "bob"),
        ];
        var appended = await Store.EventLog.AppendAsync(changes, Ct);
        var entries = appended.Entries;

        Assert.Equal(entries.Reverse(), await Store.Contents.ReadRuleChangesAsync(null, long.MaxValue, 10, Ct));
        Assert.Equal([entries[4], entries[3]], await Store.Contents.ReadRuleChangesAsync("a", long.MaxValue, 2, Ct));
        Assert.Equal([entries[2], entries[0]], await Store.Contents.ReadRuleChangesAsync("a", entries[3].Position, 5, Ct));
        Assert.Empty(await Store.Contents.ReadRuleChangesAsync("c", long.MaxValue, 5, Ct));
    }

    [Fact]
    public async Task AppendAsync_MoreRulesThanMayBe_AreRefusedUntilOneGoes()
    {
        var many = Enumerable.Range(0, LogLimits.MostRules).Select(LogChange (i) => new RuleChange($"r{i}", "1", "ada"));
        await Store.EventLog.AppendAsync([.. many], Ct);

        var full = await Store.EventLog.AppendAsync(
            [new RuleChange("more", "1", "ada"), new RuleChange("r3", "2", "ada"), new RuleChange("r4", null, "ada"),
                new RuleChange("more", "1", "ada")], Ct);

        Assert.Equal([AppendOutcome.Full, AppendOutcome.Accepted, AppendOutcome.Accepted, AppendOutcome.Accepted],
            full.Results.Select(result => result.Outcome));
    }

    [Fact]
    public async Task FindUserAsync_MergedIds_AreAnotherNameOfTheProfileInStoreAndState()
    {
        await Store.EventLog.AppendAsync(
            [
                new UserPut(Sample.User("phone") with { Age = 1 }), new UserMerge("phone", "ada"),
                new UserPut(Sample.User("tablet") with { Age = 2 }), new UserMerge("tablet", "phone"),
            ], Ct);
        // The first profile went along, the second found one there.
        await AssertProfilesAsync(1);

        var put = (await Store.EventLog.AppendAsync([new UserPut(Sample.User("tablet") with { Age = 3 })], Ct)).Entries.Single();
        await AssertProfilesAsync(3);

        Assert.Equal("ada", ((UserPut)put.Change).User.Id);
        var again = await Store.EventLog.AppendAsync([new UserPut(Sample.User("ada") with { Age = 3 })], Ct);
        Assert.Equal(new AppendResult(AppendOutcome.Duplicate, put.Position), again.Results[0]);
    }

    // As a start folds it: no other source of profiles.
    private async Task AssertProfilesAsync(int age)
    {
        var state = new LiveState(1, new MemoryUserStates(), storeIsEmpty: true, new EventOptions(), []);
        await foreach (var entry in Store.EventLog.ReadAfterAsync(0, Ct)) state.Fold(entry, recorded: null);
        foreach (var id in (string[])["ada", "phone", "tablet"])
        {
            var stored = (await Store.Contents.FindUserAsync(id, Ct))!;
            Assert.Equal(("ada", age), (stored.Id, stored.Age));
            var live = state.Copy(id).Profile!;
            Assert.Equal(("ada", age), (live.Id, live.Age));
        }
        Assert.Equal(["ada"], (await Store.Contents.ListUsersAsync(0, 10, Ct)).Select(user => user.User.Id));
    }

    [Fact]
    public async Task ListAsync_ChangesBetweenPages_NeitherRepeatsNorSkips()
    {
        await Store.KnowAsync(Enumerable.Range(0, 7).Select(i => $"{i}"));
        await Store.EventLog.AppendAsync([.. Enumerable.Range(0, 7).Select(i => new UserPut(Sample.User($"{i}")))], Ct);
        var items = (await Store.Contents.ListItemsAsync(-1, 3, Ct)).ToList();
        var users = (await Store.Contents.ListUsersAsync(0, 3, Ct)).ToList();
        await Store.EventLog.AppendAsync(
            [
                new ItemRemoval("1"), new ItemRemoval("4"), new ItemPut(Sample.Item("2") with { Title = "changed" }),
                    new ItemPut(Sample.Item("7")),
                new UserErasure("1"), new UserErasure("4"), new UserPut(Sample.User("2") with { Age = 1 }), new UserPut(Sample.User("7")),
            ], Ct);

        while (await Store.Contents.ListItemsAsync(items[^1].Number, 3, Ct) is { Count: > 0 } page) items.AddRange(page);
        while (await Store.Contents.ListUsersAsync(users[^1].Number, 3, Ct) is { Count: > 0 } page) users.AddRange(page);

        Assert.Equal(["0", "1", "2", "3", "5", "6", "7"], items.Select(item => item.Item.Id));
        Assert.Equal(["0", "1", "2", "3", "5", "6", "7"], users.Select(user => user.User.Id));
    }

    [Fact]
    public async Task ReadItemsAsync_MoreThanAPage_GivesEveryNumberRemovedOrNot()
    {
        await Store.KnowAsync(Enumerable.Range(0, 6_000).Select(i => $"{i}"));
        await Store.EventLog.AppendAsync([new ItemRemoval("5500"), new UserPut(Sample.User("u"))], Ct);

        var items = await Store.Contents.ReadItemsAsync(ct: Ct).ToListAsync(Ct);

        Assert.Equal(Enumerable.Range(0, 6_000).Select(i => (i, $"{i}", i == 5_500)),
            items.Select(item => (item.Number, item.Item.Id, item.Removed)));
        Assert.Equal(items[5_990..].Select(item => item.Number),
            await Store.Contents.ReadItemsAsync(5_990, Ct).Select(item => item.Number).ToListAsync(Ct));
        Assert.Equal(["u"], await Store.Contents.ReadUsersAsync(Ct).Select(user => user.User.Id).ToListAsync(Ct));
    }

    [Fact]
    public async Task SurveyAsync_SmallStore_CountsWhatIsThereAndWhatIsMissing()
    {
        await Store.EventLog.AppendAsync(
            [
                new ItemPut(Sample.Item("i")), new ItemPut(Sample.Item("j") with { Title = "" }),
                    new ItemPut(Sample.Item("k") with { Category = "", Title = "" }),
                new ItemPut(Sample.Item("gone") with { Title = "" }), new ItemRemoval("gone"), new UserPut(Sample.User("u")),
                new UserPut(Sample.User("idle")),
            ], Ct);
        var midnight = new DateTimeOffset(2026, 1, 30, 0, 0, 0, TimeSpan.Zero);
        await Store.ImportAsync(
            Sample.Event("1", type: EventType.Impression) with { Position = 4 }, Sample.Event("2", type: EventType.Impression),
            Sample.Event("3", midnight, user: "stranger"),
            Sample.Event("4", Sample.Noon.AddDays(5)), Sample.Event("5", item: "unknown"));

        var survey = await Store.Survey.SurveyAsync(Ct);

        Assert.Equal(new LogCounts(3, 1, 2, 4, 1, midnight, Sample.Noon), survey.Counts);
        Assert.Equal((1, 1, 2, 1),
            (survey.UsersWithoutEvents, survey.UsersWithoutProfile, survey.ItemsWithoutTitle, survey.ItemsWithoutCategory));
        Assert.Equal((2, 1, 2, 1, 1),
            (survey.Impressions, survey.ImpressionsWithPosition, survey.DaysCovered, survey.EventsAheadOfClock, survey.EventsAtMidnight));
        Assert.Equal(new Dictionary<string, long> { ["impression"] = 2, ["click"] = 2 }, survey.EventsByType);
        Assert.Equal((1, "unknown"), (survey.UnknownItems!.Events, Assert.Single(survey.UnknownItems.Examples)));
        Assert.Equal((1, "stranger"), (survey.UnknownUsers!.Events, Assert.Single(survey.UnknownUsers.Examples)));
    }

    [Theory]
    [InlineData("2.0", "2", "--whole-ids")]
    [InlineData("sku-1", "SKU-1", "case")]
    [InlineData(" 7", "7", "spaces")]
    [InlineData("007", "7", "zeros")]
    [InlineData("item_7", "7", "letters")]
    [InlineData("x", "7", "not stored under any similar id")]
    public async Task FindUnknownItemsAsync_IdsWrittenOtherwise_NamesTheCause(string written, string stored, string cause)
    {
        await Store.KnowAsync(stored);
        await Store.ImportAsync(Sample.Event("1", item: written));

        var unknown = await Store.Survey.FindUnknownItemsAsync(Ct);

        Assert.Equal((1, written), (unknown!.Events, Assert.Single(unknown.Examples)));
        Assert.Contains(cause, unknown.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindUnknownItemsAsync_NothingStoredOrNothingWaiting_SaysSo()
    {
        Assert.Null(await Store.Survey.FindUnknownItemsAsync(Ct));
        await Store.ImportAsync(Sample.Event("1", item: "x"));

        Assert.Contains("no items are stored", (await Store.Survey.FindUnknownItemsAsync(Ct))!.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindEndAsync_OneLateEvent_EndsWithTheBulk()
    {
        await Store.KnowAsync("i");
        Assert.Null(await Store.Survey.FindEndAsync(TimeSpan.FromDays(7), Ct));
        var events = Enumerable.Range(0, 600).Select(i => Sample.Event($"{i}", Sample.Noon.AddDays(-90).AddMinutes(i))).ToList();
        await Store.ImportAsync([.. events, Sample.Event("late", Sample.Noon)]);

        Assert.Equal(events[^1].Time, await Store.Survey.FindEndAsync(TimeSpan.FromDays(7), Ct));
        Assert.Equal(Sample.Noon, await Store.Survey.FindEndAsync(TimeSpan.FromDays(100), Ct));
    }

    [Fact]
    public async Task ReadAsync_OneUser_HasEverythingAboutTheUserAndNothingElse()
    {
        await Store.KnowAsync("i");
        await Store.EventLog.AppendAsync(
            [
                new UserPut(Sample.User("u")), new EventChange(Sample.Event("1")), new EventChange(Sample.Event("2", user: "v")),
                new EventChange(Sample.Event("3", item: "later")), new EventChange(Sample.Event("4", user: "v", item: "later")),
            ], Ct);
        await Store.UserStates.SaveAsync([new StoredUserState("u", 3, [7]), new StoredUserState("v", 3, [8])], Ct);
        await Store.ServedRecords.AppendAsync([Served.Record("r"), Served.Record("s", "v")], Ct);
        await Store.DeadLetters.AddAsync(new DeadLetter(Sample.Noon, null, "u", "reason", "{}"), Ct);

        var archive = await Store.Archive.ReadAsync("u", Ct);

        Assert.Equal([2L, 3L], archive.Entries.Select(entry => entry.Position));
        Assert.Equal(("3", "r", "u", "reason"),
            (archive.Parked.Single().Id, archive.Served.Single().RequestId, archive.States.Single().UserId,
                archive.DeadLetters.Single().Reason));
        Assert.Empty((await Store.Archive.ReadAsync("nobody", Ct)).Entries);
    }
}
