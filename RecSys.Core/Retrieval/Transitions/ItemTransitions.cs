using System.Runtime.InteropServices;
using RecSys.Core.Domain;
using RecSys.Core.Retrieval.ItemTables;

namespace RecSys.Core.Retrieval.Transitions;

/// <summary>
/// What users turn to after an item, as a sparse table: for each item its strongest followers, ascending by row. An entry b that stands d
/// places behind an entry a of a user's sequence (see <see cref="InteractionSequence"/>) counts 2^(1-d) up to five places; the weight of a
/// pair is count(a,b) / (√(n(a) n(b)) + 10), n being the entries of an item. Unlike a cosine of embeddings it knows the order.
/// </summary>
public static class ItemTransitions
{
    /// <summary>Most followers per item.</summary>
    public const int MaxFollowers = ItemTable.MostPerItem;

    internal const int Reach = 5;

    // Keeps single coincidences down.
    private const double Shrinkage = 10;

    /// <summary>Counts a log; rows are item ordinals.</summary>
    public static ItemTable Fit(InteractionLog log)
    {
        var counts = new FollowerCounts?[log.Items.Count];
        var entries = new int[log.Items.Count];
        var sequences = new List<int>?[log.Users.Count];
        foreach (ref readonly var e in log.WithUsersMerged().InTimeOrder().Events)
        {
            if (e.User < 0) continue;
            var sequence = sequences[e.User] ??= [];
            if (!InteractionSequence.Extends(CollectionsMarshal.AsSpan(sequence), in e)) continue;
            for (var back = 1; back <= Math.Min(Reach, sequence.Count); back++)
            {
                var before = sequence[^back];
                if (before != e.Item) (counts[before] ??= new FollowerCounts()).Add(e.Item, MathF.ScaleB(1, 1 - back));
            }
            sequence.Add(e.Item);
            entries[e.Item]++;
        }
        return Gather(counts, entries);
    }

    private static ItemTable Gather(FollowerCounts?[] counts, int[] entries)
    {
        var starts = new int[counts.Length + 1];
        var (followers, weights) = (new List<int>(), new List<float>());
        for (var item = 0; item < counts.Length; item++)
        {
            starts[item] = followers.Count;
            if (counts[item] is not { } found) continue;
            var strongest = found.Pairs
                .Select(pair =>
                    (Item: pair.Key, Weight: (float)(pair.Value / (Math.Sqrt((double)entries[item] * entries[pair.Key]) + Shrinkage))))
                .OrderByDescending(pair => pair.Weight).ThenBy(pair => pair.Item)
                .Take(MaxFollowers).OrderBy(pair => pair.Item);
            foreach (var (follower, weight) in strongest)
            {
                followers.Add(follower);
                weights.Add(weight);
            }
        }
        starts[^1] = followers.Count;
        return new ItemTable(starts, [.. followers], [.. weights]);
    }
}
