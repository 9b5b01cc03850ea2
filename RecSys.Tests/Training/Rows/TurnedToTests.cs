using RecSys.Core.Domain;
using RecSys.Core.Training.Rows;

namespace RecSys.Tests.Training.Rows;

public sealed class TurnedToTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Add_ManyItemsInAnyOrder_KnowsWhatADictionaryKnows(int seed)
    {
        var random = new Random(seed);
        var (turned, other, expected) = (new TurnedTo(), new TurnedTo(), new Dictionary<int, bool>());
        for (var i = 0; i < 400; i++)
        {
            var (item, chosen) = (random.Next(150), random.Next(3) == 0);
            (i < 200 ? turned : other).Add(item, chosen);
            expected[item] = chosen || expected.GetValueOrDefault(item);
        }

        turned.Add(other);

        var read = TurnedTo.Of(turned.Cells.ToArray());
        Assert.Equal(expected.Count, read.Count);
        Assert.Equal(expected.Where(pair => pair.Value).Select(pair => pair.Key).Order(), read.Chosen());
        for (var item = 0; item < 150; item++)
            Assert.Equal((expected.ContainsKey(item), expected.GetValueOrDefault(item)), (read.Had(item), read.Chose(item)));
    }

    [Fact]
    public void Of_CellsOutOfOrder_AreRefused()
    {
        Assert.Throws<RecSysException>(() => TurnedTo.Of([4, 2]));
        Assert.Throws<RecSysException>(() => TurnedTo.Of([4, 5]));
        Assert.Throws<RecSysException>(() => TurnedTo.Of([-1]));
    }
}
