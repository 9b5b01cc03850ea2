using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Tests.Storage;

public abstract class BulkLoaderContract(Func<ValueTask<IStoreBackend>> open) : StoreContract(open)
{
    private async Task SeedAsync()
    {
        await Store.Users.UpsertAsync([Sample.User("u") with { Age = 5 }], Ct);
        await Store.Items.UpsertAsync([Sample.Item("i")], Ct);
        await Store.Events.AppendAsync([Sample.Event("1")], Ct);
    }

    private static async Task LoadAsync(IBulkLoad load)
    {
        await load.AddUsersAsync([Sample.User("v"), Sample.User("u") with { Age = 6 }], Ct);
        await load.AddItemsAsync([Sample.Item("j"), Sample.Item("i") with { Title = "new" }], Ct);
        await load.AddEventsAsync([Sample.Event("1"), Sample.Event("2")], Ct);
    }

    [Fact]
    public async Task CommitAsync_AfterAdding_MakesEverythingVisible()
    {
        await SeedAsync();

        await using (var load = await Store.Bulk.BeginAsync(Ct))
        {
            await LoadAsync(load);
            Assert.Equal([AppendOutcome.Duplicate, AppendOutcome.Accepted], await load.AddEventsAsync([Sample.Event("2"), Sample.Event("3")], Ct));
            await load.CommitAsync(Ct);
        }

        Assert.Equal(6, (await Store.Users.GetAsync("u", Ct))!.Age);
        Assert.Equal(["i", "j"], (await Store.Items.ReadAllAsync(Ct).ToListAsync(Ct)).Select(item => item.Id));
        Assert.Equal("new", (await Store.Items.GetAsync("i", Ct))!.Title);
        Assert.Equal(3, await Store.Events.CountAsync(Ct));
    }

    [Fact]
    public async Task DisposeAsync_WithoutCommit_LeavesTheStoreAsBefore()
    {
        await SeedAsync();
        var before = await Store.DumpAsync(Ct);

        await using (var load = await Store.Bulk.BeginAsync(Ct))
        {
            await LoadAsync(load);
            Assert.Equal(before, await Store.DumpAsync(Ct));
        }

        Assert.Equal(before, await Store.DumpAsync(Ct));
    }

    [Fact]
    public async Task AddEventsAsync_BadEvent_CanBeAbandonedAndTheStoreTakesWritesAgain()
    {
        await SeedAsync();
        var before = await Store.DumpAsync(Ct);

        await using (var load = await Store.Bulk.BeginAsync(Ct))
        {
            await LoadAsync(load);
            await Assert.ThrowsAsync<RecSysException>(() => load.AddEventsAsync([Sample.Event("bad\0")], Ct));
        }

        Assert.Equal(before, await Store.DumpAsync(Ct));
        await Store.Events.AppendAsync([Sample.Event("9")], Ct);
        Assert.Equal(2, await Store.Events.CountAsync(Ct));
    }

    [Fact]
    public async Task BeginAsync_WhileAnotherLoadRuns_WaitsForItsEnd()
    {
        var first = await Store.Bulk.BeginAsync(Ct);
        await first.AddUsersAsync([Sample.User("a")], Ct);
        var second = Store.Bulk.BeginAsync(Ct);
        Assert.False(second.IsCompleted);

        await first.CommitAsync(Ct);
        await first.DisposeAsync();

        await using var load = await second;
        await load.AddUsersAsync([Sample.User("b")], Ct);
        await load.CommitAsync(Ct);
        Assert.Equal(2, await Store.Users.CountAsync(Ct));
    }
}
