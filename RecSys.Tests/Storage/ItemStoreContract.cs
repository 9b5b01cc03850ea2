using CsCheck;
using RecSys.Core.Domain;

namespace RecSys.Tests.Storage;

public abstract class ItemStoreContract(Func<ValueTask<IStoreBackend>> open) : StoreContract(open)
{
    [Fact]
    public async Task GetAsync_UnknownId_IsNull() => Assert.Null(await Store.Items.GetAsync("nothing", Ct));

    [Fact]
    public async Task UpsertAsync_AnyItem_ComesBackUnchanged() => await Sample.AnyItem.SampleAsync(async item =>
    {
        await Store.Items.UpsertAsync([item], Ct);
        Sample.AssertSame(item, await Store.Items.GetAsync(item.Id, Ct));
    }, iter: 200);

    [Fact]
    public async Task UpsertAsync_KnownId_ReplacesAllFieldsAndKeepsTheOrder()
    {
        await Store.Items.UpsertAsync([Sample.Item("a") with { Price = 3, Tags = ["x"], Available = false }, Sample.Item("b")], Ct);

        await Store.Items.UpsertAsync([Sample.Item("c"), Sample.Item("a") with { Title = "new" }], Ct);

        var items = await Store.Items.ReadAllAsync(Ct).ToListAsync(Ct);
        Assert.Equal(["a", "b", "c"], items.Select(item => item.Id));
        Sample.AssertSame(Sample.Item("a") with { Title = "new" }, items[0]);
        Assert.Equal(3, await Store.Items.CountAsync(Ct));
    }

    [Fact]
    public async Task UpsertAsync_OneBadItem_StoresNothingOfTheBatch()
    {
        await Assert.ThrowsAsync<RecSysException>(() => Store.Items.UpsertAsync([Sample.Item("a"), Sample.Item("b") with { Tags = ["x\0"] }], Ct));
        await Assert.ThrowsAsync<RecSysException>(() => Store.Items.UpsertAsync([Sample.Item("a"), Sample.Item("b") with { Price = double.NaN }], Ct));

        Assert.Equal(0, await Store.Items.CountAsync(Ct));
    }
}
