using RecSys.Core.Domain;

namespace RecSys.Tests.Storage;

public abstract class ServedListStoreContract(Func<ValueTask<IStoreBackend>> open) : StoreContract(open)
{
    private static ServedList List(string request, DateTimeOffset? time = null, string user = "u") => new()
    {
        RequestId = request,
        UserId = user,
        Time = time ?? Sample.Noon,
        ModelVersion = "v1.2.3",
        Variant = "control",
        LatencyMs = 5.25,
        Items = [],
    };

    [Fact]
    public async Task AppendAsync_FullList_ComesBackUnchanged()
    {
        var list = List("r") with
        {
            Degraded = ["L1", "ranker"],
            Device = "mobile",
            Location = "São Paulo",
            Items = [new ServedListItem("i'1", 0, 0.1 + 0.2, 1), new ServedListItem("i\"2", 1, double.NaN, 1.0 / 3)],
        };

        await Store.ServedLists.AppendAsync([list], Ct);

        var stored = await Store.ServedLists.GetAsync("r", Ct);
        Assert.NotNull(stored);
        Assert.Equal(list.Items, stored.Items);
        Assert.Equal(list.Degraded, stored.Degraded);
        Assert.Equal(list, stored with { Items = list.Items, Degraded = list.Degraded });
        Assert.Null(await Store.ServedLists.GetAsync("other", Ct));
    }

    [Fact]
    public async Task AppendAsync_KnownRequest_KeepsTheFirstList()
    {
        await Store.ServedLists.AppendAsync([List("r")], Ct);
        await Store.ServedLists.AppendAsync([List("r") with { Variant = "other" }, List("s")], Ct);

        Assert.Equal("control", (await Store.ServedLists.GetAsync("r", Ct))!.Variant);
        Assert.NotNull(await Store.ServedLists.GetAsync("s", Ct));
    }

    [Fact]
    public async Task ReadUserAsync_ListsOfSeveralUsers_GivesTheUsersFromTheTimeOnNewestFirst()
    {
        await Store.ServedLists.AppendAsync(
            [
                List("old", Sample.Noon.AddSeconds(-1)), List("first"), List("second"), List("stranger", user: "v"), List("new", Sample.Noon.AddHours(1)),
            ], Ct);

        var lists = await Store.ServedLists.ReadUserAsync("u", Sample.Noon, Ct).ToListAsync(Ct);

        Assert.Equal(["new", "second", "first"], lists.Select(list => list.RequestId));
    }

    [Fact]
    public async Task AppendAsync_OneBadList_StoresNothing()
    {
        await Assert.ThrowsAsync<RecSysException>(() => Store.ServedLists.AppendAsync([List("a"), List("b") with { Variant = "\ud800" }], Ct));

        Assert.Null(await Store.ServedLists.GetAsync("a", Ct));
    }
}
