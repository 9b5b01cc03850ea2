using RecSys.Core.Storage;

namespace RecSys.Tests.Storage;

public abstract class StateAndLetterContract(Func<ValueTask<IStoreBackend>> open) : StoreContract(open)
{
    [Fact]
    public async Task SaveAsync_SmallerPosition_ChangesNothing()
    {
        await Store.UserStates.SaveAsync([new StoredUserState("a", 10, [1, 2]), new StoredUserState("b", 10, [3])], Ct);
        await Store.UserStates.SaveAsync([new StoredUserState("a", 9, [9]), new StoredUserState("b", 11, [4, 5])], Ct);

        Assert.Equal([1, 2], Store.UserStates.Find("a")!.State);
        Assert.Equal([4, 5], Store.UserStates.Find("b")!.State);
        Assert.Equal((10, 11), (Store.UserStates.Find("a")!.Position, Store.UserStates.Find("b")!.Position));
        Assert.Null(Store.UserStates.Find("c"));
        await Store.UserStates.DeleteAsync(["a", "c"], Ct);
        Assert.Equal(1, await Store.UserStates.CountAsync(Ct));
        await Store.UserStates.ClearAsync(Ct);
        Assert.Equal(0, await Store.UserStates.CountAsync(Ct));
    }

    [Fact]
    public async Task AddAsync_MoreThanTheLimit_KeepsTheLatest()
    {
        var numbers = new List<long>();
        for (var i = 0; i < 8; i++)
            numbers.Add(await Store.DeadLetters.AddAsync(
                new DeadLetter(Sample.Noon.AddSeconds(i), i % 2 == 0 ? i : null, i % 2 == 1 ? "u" : null, $"reason {i}", $"{{\"n\":{i}}}"),
                Ct));

        var kept = await Store.DeadLetters.ListAsync(0, 100, Ct);

        Assert.Equal(numbers[3..], kept.Select(letter => letter.Number));
        Assert.Equal(new DeadLetter(Sample.Noon.AddSeconds(4), 4, null, "reason 4", "{\"n\":4}") { Number = numbers[4] },
            await Store.DeadLetters.FindAsync(numbers[4], Ct));
        Assert.Equal([numbers[5], numbers[6]], (await Store.DeadLetters.ListAsync(numbers[4], 2, Ct)).Select(letter => letter.Number));
        Assert.True(await Store.DeadLetters.RemoveAsync(numbers[7], Ct));
        Assert.False(await Store.DeadLetters.RemoveAsync(numbers[7], Ct));
        // A number is never given twice, not even that of the last letter.
        Assert.True(await Store.DeadLetters.AddAsync(new DeadLetter(Sample.Noon, null, null, "r", "{}"), Ct) > numbers[7]);
    }
}
