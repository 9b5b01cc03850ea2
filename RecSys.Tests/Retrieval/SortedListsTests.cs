using CsCheck;
using RecSys.Core.Retrieval.VectorSearch;

namespace RecSys.Tests.Retrieval;

public sealed class SortedListsTests
{
    [Fact]
    public void Merge_AnyLists_GivesTheBestOfBoth() =>
        Gen.Select(Gen.Int[0, 12].Array[0, 20], Gen.Int[0, 12].Array[0, 20], Gen.Int[0, 40]).Sample((a, b, room) =>
    {
        var (first, second) = (Falling(a).Take(room).ToArray(), Falling(b));
        var (items, scores) = (new int[room], new float[room]);
        first.Select((_, i) => i).ToArray().CopyTo(items, 0);
        first.CopyTo(scores, 0);

        var count = SortedLists.Merge(items, scores, first.Length, [.. second.Select((_, i) => 100 + i)], second);

        Assert.Equal(Math.Min(room, first.Length + second.Length), count);
        Assert.Equal(first.Concat(second).OrderDescending().Take(room), scores.Take(count));
        Assert.Equal(count, items.Take(count).Distinct().Count());
        for (var i = 0; i < count; i++) Assert.Equal(items[i] < 100 ? first[items[i]] : second[items[i] - 100], scores[i]);
    });

    private static float[] Falling(int[] values) => [.. values.OrderDescending().Select(value => (float)value)];
}
