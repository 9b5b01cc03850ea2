using System.Buffers;
using RecSys.Core.Retrieval.ItemTables;

namespace RecSys.Core.Retrieval.Neighbours;

/// <summary>
/// What item-kNN proposes to a user: each of the latest items votes for its neighbours with their similarity, the latest most
/// (<see cref="ItemKnnOptions.HistoryHalfLife"/>). At most <see cref="HistoryLength"/> × <see cref="ItemTable.MostPerItem"/> pairs are
/// looked at, in rented buffers.
/// </summary>
public static class NeighbourVotes
{
    /// <summary>Latest items that vote; with votes that halve every two items, what is further back weighs less than a
    /// thousandth.</summary>
    public const int HistoryLength = 20;

    private static readonly float[] voteByAge = ItemNeighbours.Halving(HistoryLength, new ItemKnnOptions().HistoryHalfLife);

    /// <summary>Most items that <see cref="Rank"/> finds.</summary>
    public const int Most = HistoryLength * ItemTable.MostPerItem;

    /// <summary>What the vote of an item counts, by its age: 0 for the latest, below <see cref="HistoryLength"/>.</summary>
    public static float VoteOf(int age) => voteByAge[age];

    /// <summary>Ranks the neighbours of a history.</summary>
    /// <param name="model">Knows them.</param>
    /// <param name="history">A user's items, the latest at the end.</param>
    /// <param name="ranked">Gets items, best first, of equal ones the smaller number first; <see cref="Most"/> long.</param>
    /// <returns>How many there are.</returns>
    public static int Rank<TModel>(TModel model, ReadOnlySpan<int> history, Span<int> ranked)
        where TModel : class, INeighbourModel
    {
        var scores = ArrayPool<float>.Shared.Rent(Most);
        try
        {
            var found = 0;
            for (var age = 0; age < Math.Min(HistoryLength, history.Length); age++)
            {
                var count = model.ReadNeighbours(history[history.Length - 1 - age], ranked[found..], scores.AsSpan(found));
                for (var i = found; i < found + count; i++) scores[i] *= voteByAge[age];
                found += count;
            }
            return Merge(ranked[..found], scores.AsSpan(0, found));
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scores);
        }
    }

    // Sums the votes for each item and leaves the items at the front, best first.
    private static int Merge(Span<int> items, Span<float> scores)
    {
        items.Sort(scores);
        var merged = 0;
        for (var i = 0; i < items.Length; i++)
        {
            if (merged > 0 && items[merged - 1] == items[i]) scores[merged - 1] += scores[i];
            else (items[merged], scores[merged++]) = (items[i], scores[i]);
        }
        var keys = ArrayPool<Vote>.Shared.Rent(merged);
        for (var i = 0; i < merged; i++) keys[i] = new Vote(scores[i], items[i]);
        keys.AsSpan(0, merged).Sort(items[..merged]);
        ArrayPool<Vote>.Shared.Return(keys);
        return merged;
    }

    private readonly record struct Vote(float Score, int Item) : IComparable<Vote>
    {
        public int CompareTo(Vote other)
        {
            var byScore = other.Score.CompareTo(Score);
            return byScore != 0 ? byScore : Item.CompareTo(other.Item);
        }
    }
}
