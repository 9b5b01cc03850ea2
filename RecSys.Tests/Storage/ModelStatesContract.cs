using RecSys.Core.Storage.ModelStates;

namespace RecSys.Tests.Storage;

/// <summary>What every store of model states must do, also where several processes change it at once.</summary>
public abstract class ModelStatesContract(Func<ValueTask<IStoreBackend>> open) : StoreContract(open)
{
    private static readonly ModelLineage Lineage = new()
    {
        Parent = "v0.9.0", WindowFrom = Sample.Noon.AddDays(-7), WindowTo = Sample.Noon.AddDays(-1), WindowEvents = 12_345,
        CodeCommit = "abc", ManifestSha256 = new string('a', 64), Report = "reports/v1.0.0.html",
    };

    [Fact]
    public async Task RegisterAsync_NewVersion_IsKeptWithItsLineageAndFirstTransition()
    {
        var change = await RegisterAsync("v1.0.0", ModelState.Staging);

        Assert.Equal(ModelChangeOutcome.Done, change.Outcome);
        var expected = new ModelRecord(
            "v1.0.0", ModelState.Staging, Sample.Noon, change.Record!.Revision, Lineage, null, "ada", "trained", Collected: false);
        Assert.Equal(expected, change.Record);
        await using var another = Store.Another();
        Assert.Equal(expected, await another.Models.FindAsync("v1.0.0", Ct));
        Assert.Null(await another.Models.FindAsync("v1.0.1", Ct));
        Assert.Null(await another.Models.ReadChampionAsync(Ct));
        Assert.Equal(
            [new ModelTransition(expected.Revision, "v1.0.0", null, ModelState.Staging, Sample.Noon, "ada", "trained")],
            await another.Models.TransitionsAsync("v1.0.0", 10, Ct));
    }

    [Fact]
    public async Task RegisterAsync_KnownOrWrongState_ChangesNothing()
    {
        var first = await RegisterAsync("v1.0.0", ModelState.Staging);

        Assert.Equal(ModelChangeOutcome.Exists, (await RegisterAsync("v1.0.0", ModelState.Rejected)).Outcome);
        foreach (var state in (ModelState[])[ModelState.Champion, ModelState.Shadow, ModelState.Retired, ModelState.Quarantined])
            Assert.Equal(ModelChangeOutcome.NotAllowed, (await RegisterAsync("v1.0.1", state)).Outcome);

        Assert.Equal([first.Record!], await Store.Models.ListAsync(Ct));
    }

    [Fact]
    public async Task RegisterAsync_OfATraining_BecomesWhatItTurnedOutToBe()
    {
        await Store.Models.RegisterAsync(
            new ModelRegistration("v1.0.0", ModelState.Training, new ModelLineage(), "night", "begun"), Ct);

        Assert.Equal(ModelChangeOutcome.NotAllowed, (await RegisterAsync("v1.0.0", ModelState.Training)).Outcome);
        var change = await RegisterAsync("v1.0.0", ModelState.Rejected);

        Assert.Equal((ModelState.Rejected, Lineage), (change.Record!.State, change.Record.Lineage));
        Assert.Equal([ModelState.Training, null], (await Store.Models.TransitionsAsync("v1.0.0", 10, Ct)).Select(line => line.From));
    }

    [Fact]
    public async Task MoveAsync_Promotion_RetiresTheChampionInTheSameStep()
    {
        var one = (await RegisterAsync("v1.0.0", ModelState.Staging)).Record!;
        var two = (await RegisterAsync("v1.0.1", ModelState.Staging)).Record!;
        await PromoteAsync(one);
        Store.Clock.Advance(TimeSpan.FromHours(1));

        var change = await PromoteAsync(two);

        Assert.Equal(ModelChangeOutcome.Done, change.Outcome);
        Assert.Equal(("v1.0.1", "v1.0.0", Sample.Noon.AddHours(1)),
            (change.Record!.Version, change.Record.Predecessor, change.Record.Since));
        Assert.Equal(change.Record, await Store.Models.ReadChampionAsync(Ct));
        var before = (await Store.Models.FindAsync("v1.0.0", Ct))!;
        Assert.Equal((ModelState.Retired, Sample.Noon.AddHours(1)), (before.State, before.Since));
        var lines = await Store.Models.TransitionsAsync(null, 2, Ct);
        Assert.Equal([("v1.0.1", ModelState.Champion), ("v1.0.0", ModelState.Retired)], lines.Select(line => (line.Version, line.To)));
        Assert.Equal([change.Record.Revision, before.Revision], lines.Select(line => line.Number));
    }

    [Fact]
    public async Task MoveAsync_Return_KeepsThePredecessorOfTheOneThatComesBack()
    {
        foreach (var version in (string[])["v1", "v2", "v3"])
            await PromoteAsync((await RegisterAsync(version, ModelState.Staging)).Record!);

        var back = (await Store.Models.FindAsync("v2", Ct))!;
        var change = await Store.Models.MoveAsync(
            new ModelMove("v2", ModelState.Champion, back.Revision, "ada", "worse")
            {
                ExpectedChampion = "v3", Outgoing = ModelState.Quarantined, IsReturn = true,
            }, Ct);

        Assert.Equal(("v2", "v1"), (change.Record!.Version, change.Record.Predecessor));
        Assert.Equal(ModelState.Quarantined, (await Store.Models.FindAsync("v3", Ct))!.State);
    }

    [Fact]
    public async Task MoveAsync_StaleUnknownOrNotAllowed_ChangesNothing()
    {
        var one = (await RegisterAsync("v1", ModelState.Staging)).Record!;
        var two = (await RegisterAsync("v2", ModelState.Rejected)).Record!;
        one = (await PromoteAsync(one)).Record!;
        var before = await Store.Models.ListAsync(Ct);
        var history = await Store.Models.TransitionsAsync(null, 100, Ct);

        async Task<ModelChangeOutcome> MoveAsync(string version, ModelState to, long revision, string? champion = null) =>
            (await Store.Models.MoveAsync(new ModelMove(version, to, revision, "ada", "r") { ExpectedChampion = champion }, Ct)).Outcome;

        Assert.Equal(ModelChangeOutcome.Unknown, await MoveAsync("v9", ModelState.Champion, 1));
        Assert.Equal(ModelChangeOutcome.Stale, await MoveAsync("v2", ModelState.Staging, two.Revision + 1));
        Assert.Equal(ModelChangeOutcome.Stale, await MoveAsync("v2", ModelState.Champion, two.Revision, champion: "v0"));
        Assert.Equal(ModelChangeOutcome.NotAllowed, await MoveAsync("v2", ModelState.Champion, two.Revision));
        // There is always a champion once there was one.
        foreach (var to in Enum.GetValues<ModelState>())
            Assert.Equal(ModelChangeOutcome.NotAllowed, await MoveAsync("v1", to, one.Revision));
        Assert.Equal(before, await Store.Models.ListAsync(Ct));
        Assert.Equal(history, await Store.Models.TransitionsAsync(null, 100, Ct));
    }

    [Fact]
    public async Task MoveAsync_EveryPairOfStates_IsDoneAsTheRulesSay()
    {
        foreach (var from in Enum.GetValues<ModelState>().Where(state => state != ModelState.Champion))
        {
            foreach (var to in Enum.GetValues<ModelState>())
            {
                var record = await BringToAsync($"v-{from.Name()}-{to.Name()}", from);
                var change = await Store.Models.MoveAsync(new ModelMove(record.Version, to, record.Revision, "ada", "r"), Ct);
                Assert.Equal(ModelStateRules.Allows(from, to), change.Outcome == ModelChangeOutcome.Done);
                Assert.Equal(ModelStateRules.Allows(from, to) ? to : from, (await Store.Models.FindAsync(record.Version, Ct))!.State);
                Assert.True((await Store.Models.ListAsync(Ct)).Count(each => each.State == ModelState.Champion) <= 1);
            }
        }
    }

    [Fact]
    public async Task CollectAsync_RetiredVersion_CannotBecomeChampionBeforeItIsStagedAgain()
    {
        await PromoteAsync((await RegisterAsync("v1", ModelState.Staging)).Record!);
        var champion = (await PromoteAsync((await RegisterAsync("v2", ModelState.Staging)).Record!)).Record!;
        var retired = (await Store.Models.FindAsync("v1", Ct))!;

        Assert.Equal(ModelChangeOutcome.NotAllowed, (await Store.Models.CollectAsync("v2", champion.Revision, "gc", Ct)).Outcome);
        Assert.Equal(ModelChangeOutcome.Unknown, (await Store.Models.CollectAsync("v9", 1, "gc", Ct)).Outcome);
        var collected = await Store.Models.CollectAsync("v1", retired.Revision, "gc", Ct);
        // Whoever decided on it before it was collected is too late.
        Assert.Equal(ModelChangeOutcome.Stale, (await PromoteAsync(retired)).Outcome);
        Assert.Equal(ModelChangeOutcome.Stale, (await Store.Models.CollectAsync("v1", retired.Revision, "gc", Ct)).Outcome);

        Assert.Equal((true, ModelState.Retired), (collected.Record!.Collected, collected.Record.State));
        Assert.Equal(ModelChangeOutcome.NotAllowed, (await PromoteAsync(collected.Record)).Outcome);
        var staged = await Store.Models.MoveAsync(new ModelMove("v1", ModelState.Staging, collected.Record.Revision, "ada", "back"), Ct);
        Assert.False(staged.Record!.Collected);
        Assert.Equal(ModelChangeOutcome.Done, (await PromoteAsync(staged.Record)).Outcome);
    }

    [Fact]
    public async Task TakeOverAsync_EmptyStore_TakesAllOnce()
    {
        var since = Sample.Noon.AddDays(-3);
        ModelRegistration[] old =
        [
            new("v2", ModelState.Champion, Lineage, "takeover", "was champion") { Since = since, Predecessor = "v1" },
            new("v1", ModelState.Retired, new ModelLineage(), "takeover", "was there"),
        ];

        Assert.True(await Store.Models.TakeOverAsync(old, Ct));
        Assert.False(await Store.Models.TakeOverAsync([new("v9", ModelState.Staging, Lineage, "a", "r")], Ct));

        Assert.Equal(["v1", "v2"], (await Store.Models.ListAsync(Ct)).Select(record => record.Version));
        var champion = (await Store.Models.ReadChampionAsync(Ct))!;
        Assert.Equal(("v2", since, "v1", Lineage), (champion.Version, champion.Since, champion.Predecessor, champion.Lineage));
    }

    [Fact]
    public async Task TakeOverAsync_TwoChampions_TakesNothing()
    {
        ModelRegistration[] old = [new("v1", ModelState.Champion, Lineage, "a", "r"), new("v2", ModelState.Champion, Lineage, "a", "r")];

        await Assert.ThrowsAnyAsync<Exception>(() => Store.Models.TakeOverAsync(old, Ct));

        Assert.Empty(await Store.Models.ListAsync(Ct));
        Assert.Empty(await Store.Models.TransitionsAsync(null, 10, Ct));
    }

    [Fact]
    public async Task MoveAsync_SixteenPromotersOfOneRevision_ExactlyOneWins()
    {
        var record = (await RegisterAsync("v1", ModelState.Staging)).Record!;

        var outcomes = await InParallelAsync(at => new ModelMove("v1", ModelState.Champion, record.Revision, $"p{at}", "r"));

        var winner = Assert.Single(outcomes.Index(), outcome => outcome.Item == ModelChangeOutcome.Done).Index;
        Assert.All(outcomes.Where((_, at) => at != winner), outcome => Assert.Equal(ModelChangeOutcome.Stale, outcome));
        Assert.Equal($"p{winner}", (await Store.Models.ReadChampionAsync(Ct))!.Actor);
        Assert.Equal(2, (await Store.Models.TransitionsAsync("v1", 100, Ct)).Count);
    }

    [Fact]
    public async Task MoveAsync_SixteenChallengersOfOneChampion_ExactlyOneTakesItsPlaceAndThereIsNeverASecond()
    {
        await PromoteAsync((await RegisterAsync("v0", ModelState.Staging)).Record!);
        var challengers = new ModelRecord[16];
        for (var i = 0; i < 16; i++) challengers[i] = (await RegisterAsync($"c{i}", ModelState.Staging)).Record!;
        using var over = new CancellationTokenSource();
        var most = 0;
        var watching = Task.Run(async () =>
        {
            await using var another = Store.Another();
            do most = Math.Max(most, (await another.Models.ListAsync(Ct)).Count(each => each.State == ModelState.Champion));
            while (!over.IsCancellationRequested);
        }, Ct);

        // Against the champion that the gate compared with: one night, one winner.
        var compared = await InParallelAsync(at =>
            new ModelMove($"c{at}", ModelState.Champion, challengers[at].Revision, "night", "better") { ExpectedChampion = "v0" });
        // Against whichever is champion: each takes the place in turn.
        var losers = Enumerable.Range(0, 16).Where(at => compared[at] != ModelChangeOutcome.Done).ToArray();
        var forced = await InParallelAsync(at => new ModelMove(
            $"c{losers[at % 15]}", ModelState.Champion, challengers[losers[at % 15]].Revision, "hand", "chosen"), promoters: 15);
        await over.CancelAsync();
        await watching;

        Assert.Single(compared, outcome => outcome == ModelChangeOutcome.Done);
        Assert.Equal(15, compared.Count(outcome => outcome == ModelChangeOutcome.Stale));
        Assert.All(forced, outcome => Assert.Equal(ModelChangeOutcome.Done, outcome));
        Assert.Equal(1, most);
        var all = await Store.Models.ListAsync(Ct);
        Assert.Equal(16, all.Count(record => record.State == ModelState.Retired));
        // Each took the place of exactly one other: the history is a chain.
        Assert.Equal(16, all.Where(record => record.Predecessor is not null).Select(record => record.Predecessor).Distinct().Count());
    }

    private async Task<ModelChangeOutcome[]> InParallelAsync(Func<int, ModelMove> move, int promoters = 16)
    {
        var stores = Enumerable.Range(0, promoters).Select(_ => Store.Another()).ToArray();
        try
        {
            using var together = new Barrier(promoters);
            var changes = await Task.WhenAll(stores.Select((store, at) => Task.Factory.StartNew(() =>
            {
                together.SignalAndWait(Ct);
                return store.Models.MoveAsync(move(at), Ct);
            }, Ct, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));
            return [.. changes.Select(change => change.Outcome)];
        }
        finally
        {
            foreach (var store in stores) await store.DisposeAsync();
        }
    }

    private Task<ModelChange> RegisterAsync(string version, ModelState state) =>
        Store.Models.RegisterAsync(new ModelRegistration(version, state, Lineage, "ada", "trained"), Ct);

    private Task<ModelChange> PromoteAsync(ModelRecord record) =>
        Store.Models.MoveAsync(new ModelMove(record.Version, ModelState.Champion, record.Revision, "ada", "chosen"), Ct);

    private async Task<ModelRecord> BringToAsync(string version, ModelState state)
    {
        var first = ModelStateRules.MayBegin(state) ? state : ModelState.Staging;
        var record = (await RegisterAsync(version, first)).Record!;
        return state == first
            ? record : (await Store.Models.MoveAsync(new ModelMove(version, state, record.Revision, "ada", "r"), Ct)).Record!;
    }
}
