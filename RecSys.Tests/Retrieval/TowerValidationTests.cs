using RecSys.Core.Retrieval.TwoTower;

namespace RecSys.Tests.Retrieval;

public sealed class TowerValidationTests
{
    [Theory]
    [InlineData(10, 5, new[] { 0, 2, 4, 6, 8 })]
    [InlineData(10, 4, new[] { 0, 2, 5, 7 })]
    [InlineData(3, 5, new[] { 0, 1, 2 })]
    [InlineData(3, 3, new[] { 0, 1, 2 })]
    public void Thin_MoreThanAffordable_TakesEntriesFromTheWholeSpan(int entries, int most, int[] expected)
    {
        HeldOutEntry[] all = [.. Enumerable.Range(0, entries).Select(user => new HeldOutEntry(user, [], 0))];

        Assert.Equal(expected, TowerValidation.Thin(all, most).ToArray().Select(entry => entry.User));
    }
}
