using RecSys.Core.Domain;

namespace RecSys.Tests.Events;

public sealed class EventTailTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CatchUp_WholeLog_ResolvesAndRecordsEveryEvent()
    {
        using var rig = new TailRig();
        foreach (var part in new LogHistory(1).Take(600).Chunk(50)) await rig.Log.AppendAsync(part, Ct);

        var (tail, state) = await rig.OpenAsync();
        using var _ = tail;

        var head = await rig.Log.ReadHeadAsync(Ct);
        Assert.Equal(head.Position, head.Resolved);
        Assert.Equal(head.Position, state.Position);
        Assert.Contains(rig.Log.Entries, entry => entry.Contribution is { UserClicks: > 0 });
        // A fold of what was recorded is the same as the one that found it.
        TailRig.AssertEqual(await rig.WholeAsync(), state, LogHistory.Users);
    }

    // Stopped at any point, with little memory for users and a snapshot now and then, each start folds to what one fold of the whole log
    // gives.
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task Restart_AtRandomPoints_EqualsAFoldOfTheWholeLog(int seed)
    {
        using var rig = new TailRig();
        rig.Options.MaxUsersInMemory = 16;
        var random = new Random(seed);
        var history = new LogHistory(seed);
        for (var round = 0; round < 12; round++)
        {
            await rig.Log.AppendAsync([.. history.Take(random.Next(20, 200))], Ct);
            var (tail, state) = await rig.OpenAsync();
            TailRig.AssertEqual(await rig.WholeAsync(), state, LogHistory.Users);
            if (random.Next(3) > 0)
            {
                await tail.StartAsync(Ct);
                await tail.StopAsync(Ct);
            }
            tail.Dispose();
            rig.Clock.Advance(TimeSpan.FromHours(random.Next(1, 30)));
        }
        Assert.NotEmpty(Directory.GetDirectories(rig.Folder));
        Assert.True(rig.Users.Count > 16);
    }

    [Fact]
    public async Task Running_ForeignEntriesAndOwnOnes_AreFoldedInOrderWithoutGaps()
    {
        using var rig = new TailRig();
        rig.Options.PollMs = 5;
        var (tail, state) = await rig.OpenAsync();
        await tail.StartAsync(Ct);
        var history = new LogHistory(3);
        for (var i = 0; i < 40; i++)
        {
            var appended = await rig.Log.AppendAsync([.. history.Take(10)], Ct);
            // Every second append is another process's.
            if (i % 2 == 0) tail.Offer(appended.Entries);
        }
        var end = (await rig.Log.ReadHeadAsync(Ct)).Position;
        while (!await AdvancedAsync(rig, tail, end)) rig.Clock.Advance(TimeSpan.FromMilliseconds(10));
        await tail.StopAsync(Ct);

        TailRig.AssertEqual(await rig.WholeAsync(), state, LogHistory.Users);
        Assert.Equal(end, (await rig.Log.ReadHeadAsync(Ct)).Resolved);
        tail.Dispose();
    }

    [Fact]
    public async Task Running_AnotherResolverWasFirst_UsesWhatItRecorded()
    {
        using var rig = new TailRig();
        rig.Options.PollMs = 5;
        await rig.Log.AppendAsync([.. new LogHistory(5).Take(100)], Ct);
        var (first, firstState) = await rig.OpenAsync();
        var (second, secondState) = await rig.OpenAsync();
        var history = new LogHistory(6);
        await first.StartAsync(Ct);
        await second.StartAsync(Ct);
        for (var i = 0; i < 10; i++) await rig.Log.AppendAsync([.. history.Take(20)], Ct);
        var end = (await rig.Log.ReadHeadAsync(Ct)).Position;
        while (!await AdvancedAsync(rig, first, end) || !await AdvancedAsync(rig, second, end))
            rig.Clock.Advance(TimeSpan.FromMilliseconds(100));
        await first.StopAsync(Ct);
        await second.StopAsync(Ct);

        var whole = await rig.WholeAsync();
        TailRig.AssertEqual(whole, firstState, LogHistory.Users);
        TailRig.AssertEqual(whole, secondState, LogHistory.Users);
        first.Dispose();
        second.Dispose();
    }

    [Fact]
    public async Task Restart_DamagedSnapshot_IsRefusedByNameAndTheOneBeforeTaken()
    {
        using var rig = new TailRig();
        var history = new LogHistory(8);
        var names = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            await rig.Log.AppendAsync([.. history.Take(150)], Ct);
            var (tail, _) = await rig.OpenAsync();
            await tail.StartAsync(Ct);
            await tail.StopAsync(Ct);
            tail.Dispose();
            names.Add(Path.GetFileName(Directory.GetDirectories(rig.Folder).MaxBy(path => path)!));
        }
        var file = Path.Combine(rig.Folder, names[1], "co-visitation.bin");
        var bytes = await File.ReadAllBytesAsync(file, Ct);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, Ct);

        var (again, state) = await rig.ReadAsync();
        Assert.Equal(long.Parse(names[0].Split('-')[1], System.Globalization.CultureInfo.InvariantCulture), state.Position);
        Assert.Contains(rig.SnapshotLog.Messages, line => line.Contains(names[1], StringComparison.Ordinal)
            && line.Contains("co-visitation is damaged", StringComparison.Ordinal));
        again.Dispose();

        rig.Log.Epoch = 2;
        var (foreign, empty) = await rig.ReadAsync();
        Assert.Equal(0, empty.Position);
        Assert.Equal(0, rig.Users.Count);
        Assert.Contains(rig.SnapshotLog.Messages, line => line.Contains("epoch 1", StringComparison.Ordinal));
        foreign.Dispose();
    }

    [Fact]
    public async Task Snapshot_StoreFails_IsTriedAgainAndNothingIsLost()
    {
        using var rig = new TailRig();
        var history = new LogHistory(9);
        await rig.Log.AppendAsync([.. history.Take(200)], Ct);
        var (tail, _) = await rig.OpenAsync();
        rig.Users.Failure = new RecSysException("The disk is full.");
        await tail.StartAsync(Ct);
        await tail.StopAsync(Ct);
        tail.Dispose();
        rig.Users.Failure = null;
        await rig.Log.AppendAsync([.. history.Take(50)], Ct);

        var (again, state) = await rig.OpenAsync();

        TailRig.AssertEqual(await rig.WholeAsync(), state, LogHistory.Users);
        again.Dispose();
    }

    // True once the position is folded; gives the tail's thread the processor otherwise.
    private static async Task<bool> AdvancedAsync(TailRig rig, Core.Events.EventTail tail, long position)
    {
        Ct.ThrowIfCancellationRequested();
        if (tail.Position >= position) return true;
        await Task.Yield();
        return (await rig.Log.ReadHeadAsync(Ct)).Position < 0;
    }
}
