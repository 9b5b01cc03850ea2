using CsCheck;
using RecSys.Core.Domain;

namespace RecSys.Tests.Storage;

public abstract class UserStoreContract(Func<ValueTask<IStoreBackend>> open) : StoreContract(open)
{
    [Fact]
    public async Task GetAsync_UnknownId_IsNull()
    {
        Assert.Null(await Store.Users.GetAsync("nobody", Ct));
        Assert.Equal(0, await Store.Users.CountAsync(Ct));
    }

    [Fact]
    public async Task UpsertAsync_AnyUser_ComesBackUnchanged() => await Sample.AnyUser.SampleAsync(async user =>
    {
        await Store.Users.UpsertAsync([user], Ct);
        Sample.AssertSame(user, await Store.Users.GetAsync(user.Id, Ct));
    }, iter: 200);

    [Fact]
    public async Task UpsertAsync_KnownId_ReplacesAllFieldsAndKeepsTheOrder()
    {
        await Store.Users.UpsertAsync([Sample.User("a") with { Age = 7, Attributes = new Dictionary<string, string> { ["x"] = "y" } }, Sample.User("b")], Ct);

        await Store.Users.UpsertAsync([Sample.User("c"), Sample.User("a") with { Gender = "F" }], Ct);

        var users = await Store.Users.ReadAllAsync(Ct).ToListAsync(Ct);
        Assert.Equal(["a", "b", "c"], users.Select(user => user.Id));
        Sample.AssertSame(Sample.User("a") with { Gender = "F" }, users[0]);
        Assert.Equal(3, await Store.Users.CountAsync(Ct));
    }

    [Fact]
    public async Task UpsertAsync_IdTwiceInABatch_LastWins()
    {
        await Store.Users.UpsertAsync([Sample.User("a") with { Age = 1 }, Sample.User("a") with { Age = 2 }], Ct);

        Assert.Equal(2, (await Store.Users.GetAsync("a", Ct))!.Age);
        Assert.Equal(1, await Store.Users.CountAsync(Ct));
    }

    [Fact]
    public async Task UpsertAsync_TextNoDatabaseTakes_IsRefusedAndNothingIsStored()
    {
        // Not as test data: the runner would replace halves of surrogate pairs.
        foreach (var text in (string[])["a\0b", "a\ud800", "\udc00a"])
        {
            var failure = await Assert.ThrowsAsync<RecSysException>(() => Store.Users.UpsertAsync([Sample.User("good"), Sample.User("bad") with { Location = text }], Ct));
            Assert.Contains("location", failure.Message, StringComparison.Ordinal);
        }
        Assert.Equal(0, await Store.Users.CountAsync(Ct));
    }

    [Fact]
    public async Task UpsertAsync_CreationInAnotherZone_ComesBackInUtc()
    {
        var created = new DateTimeOffset(2026, 1, 31, 14, 0, 0, TimeSpan.FromHours(2));

        await Store.Users.UpsertAsync([Sample.User("a") with { CreatedAt = created }], Ct);

        var stored = (await Store.Users.GetAsync("a", Ct))!.CreatedAt!.Value;
        Assert.Equal((Sample.Noon, TimeSpan.Zero), (stored, stored.Offset));
    }
}
