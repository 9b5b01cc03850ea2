using System.Runtime.InteropServices;
using RecSys.Core.Domain;
using RecSys.Core.Retrieval.ItemTables;

namespace RecSys.Core.Retrieval.Neighbours;

/// <summary>
/// Items that the same users took: cosine of their user sets with shrinkage, where a pair may count less the further apart its entries
/// stand (Sarwar et al., 2001; Deshpande and Karypis, 2004).
/// </summary>
public sealed class ItemNeighbours
{
    private readonly int[][] neighbours;
    private readonly float[][] similarities;

    private ItemNeighbours(int[][] neighbours, float[][] similarities, int[] users) =>
        (this.neighbours, this.similarities, Users) = (neighbours, similarities, users);

    /// <summary>By item: number of users who took it.</summary>
    public int[] Users { get; }

    /// <summary>Neighbours of an item, most similar first.</summary>
    public ReadOnlySpan<int> Of(int item) => neighbours[item];

    /// <summary>Similarities of <see cref="Of"/>, above 0 and at most 1.</summary>
    public ReadOnlySpan<float> SimilaritiesOf(int item) => similarities[item];

    /// <summary>Fits on all cores. Time grows with the sum of squared sequence lengths, memory with items times neighbours.</summary>
    public static ItemNeighbours Fit(InteractionLog log, ItemKnnOptions options, CancellationToken cancellationToken = default)
    {
        var items = log.Items.Count;
        var sequences = LatestDistinct(log, options.PairedLength);
        var occurrences = new List<(int User, int At)>[items];
        for (var i = 0; i < items; i++) occurrences[i] = [];
        for (var user = 0; user < sequences.Length; user++)
        {
            for (var at = 0; at < sequences[user].Length; at++) occurrences[sequences[user][at]].Add((user, at));
        }

        var neighbours = new int[items][];
        var similarities = new float[items][];
        var pairWeight = double.IsPositiveInfinity(options.PairHalfLife) ? null : Halving(options.PairedLength, options.PairHalfLife);
        var parallel = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, items, parallel, () => new Row(items), (item, _, row) =>
        {
            row.Collect(occurrences[item], sequences, pairWeight);
            (neighbours[item], similarities[item]) = row.Best(item, occurrences, options);
            return row;
        }, _ => { });

        return new ItemNeighbours(neighbours, similarities, Array.ConvertAll(occurrences, users => users.Count));
    }

    /// <summary>The most similar ones as a table, most similar first.</summary>
    /// <param name="most">Neighbours per item, at most <see cref="ItemTable.MostPerItem"/>.</param>
    public ItemTable ToTable(int most)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, ItemTable.MostPerItem);
        // A similarity that single precision rounds to nothing is none.
        var kept = Array.ConvertAll(similarities, of => Math.Min(most, of.AsSpan().IndexOf(0f) is >= 0 and var zero ? zero : of.Length));
        var starts = new int[neighbours.Length + 1];
        for (var item = 0; item < kept.Length; item++) starts[item + 1] = checked(starts[item] + kept[item]);
        var (others, weights) = (new int[starts[^1]], new float[starts[^1]]);
        for (var item = 0; item < kept.Length; item++)
        {
            neighbours[item].AsSpan(0, kept[item]).CopyTo(others.AsSpan(starts[item]));
            similarities[item].AsSpan(0, kept[item]).CopyTo(weights.AsSpan(starts[item]));
        }
        return new ItemTable(starts, others, weights);
    }

    /// <summary>Weights by distance, from 1 at distance 0, halved every so many places.</summary>
    internal static float[] Halving(int length, double halfLife)
    {
        var weights = new float[length];
        for (var i = 0; i < length; i++) weights[i] = double.IsPositiveInfinity(halfLife) ? 1 : (float)double.Exp2(-i / halfLife);
        return weights;
    }

    // The latest entries of each user's sequence; an item that returns counts once, where it stood last.
    private static int[][] LatestDistinct(InteractionLog log, int length)
    {
        var sequences = new List<int>[log.Users.Count];
        for (var u = 0; u < sequences.Length; u++) sequences[u] = [];
        foreach (ref readonly var e in log.WithUsersMerged().InTimeOrder().Events)
        {
            if (e.User < 0) continue;
            var sequence = sequences[e.User];
            if (InteractionSequence.Extends(CollectionsMarshal.AsSpan(sequence), in e)) sequence.Add(e.Item);
        }
        var known = new HashSet<int>();
        return Array.ConvertAll(sequences, sequence =>
        {
            known.Clear();
            var latest = new List<int>(Math.Min(sequence.Count, length));
            for (var i = sequence.Count - 1; i >= 0 && latest.Count < length; i--)
            {
                if (known.Add(sequence[i])) latest.Add(sequence[i]);
            }
            latest.Reverse();
            return latest.ToArray();
        });
    }

    /// <summary>One row of the co-occurrence matrix, reused item after item by one thread.</summary>
    private sealed class Row(int items)
    {
        private readonly float[] weights = new float[items];
        private readonly int[] counts = new int[items];
        private readonly List<int> touched = [];

        public void Collect(List<(int User, int At)> users, int[][] sequences, float[]? pairWeight)
        {
            foreach (var (user, at) in users)
            {
                var sequence = sequences[user];
                for (var other = 0; other < sequence.Length; other++)
                {
                    var neighbour = sequence[other];
                    if (counts[neighbour]++ == 0) touched.Add(neighbour);
                    if (pairWeight is not null) weights[neighbour] += pairWeight[Math.Abs(other - at)];
                }
            }
            if (pairWeight is null)
            {
                foreach (var neighbour in touched) weights[neighbour] = counts[neighbour];
            }
        }

        public (int[] Neighbours, float[] Similarities) Best(int item, List<(int User, int At)>[] occurrences, ItemKnnOptions options)
        {
            var keys = new float[touched.Count];
            var found = 0;
            for (var t = 0; t < touched.Count; t++)
            {
                var neighbour = touched[t];
                if (neighbour != item)
                {
                    var cosine = weights[neighbour] / Math.Sqrt((double)occurrences[item].Count * occurrences[neighbour].Count);
                    keys[found] = -(float)(cosine * counts[neighbour] / (counts[neighbour] + options.Shrinkage));
                    touched[found++] = neighbour;
                }
                (counts[neighbour], weights[neighbour]) = (0, 0);
            }
            var order = touched.GetRange(0, found).ToArray();
            touched.Clear();
            Array.Sort(keys, order, 0, found);
            var kept = Math.Min(found, options.Neighbours);
            return (order[..kept], Array.ConvertAll(keys[..kept], key => -key));
        }
    }
}
