using System.Runtime.InteropServices;
using RecSys.Core.Domain;

namespace RecSys.Core.Evaluation.Baselines;

/// <summary>
/// Item-based collaborative filtering: items are similar when the same users took both (cosine of their user sets, with shrinkage),
/// and an item's score is the sum of its similarities to the user's latest items, the latest counting most
/// (Sarwar et al., 2001; Deshpande and Karypis, 2004). Strong on small catalogues, blind to new items.
/// </summary>
public sealed class ItemKnnBaseline : IRecommender
{
    private readonly ItemKnnOptions options;
    private readonly int[][] neighbours;
    private readonly float[][] similarities;
    private readonly float[] popularity;
    private readonly float[] voteByAge;

    private ItemKnnBaseline(ItemKnnOptions options, int[][] neighbours, float[][] similarities, float[] popularity)
    {
        this.options = options;
        this.neighbours = neighbours;
        this.similarities = similarities;
        this.popularity = popularity;
        voteByAge = Decay(options.HistoryLength, options.HistoryHalfLife);
    }

    public string Name { get; private init; } = "item-knn";

    public Knowledge Knows => Knowledge.User;

    /// <summary>Neighbours of an item, most similar first.</summary>
    public ReadOnlySpan<int> NeighboursOf(int item) => neighbours[item];

    /// <summary>Similarities of <see cref="NeighboursOf"/>, above 0 and at most 1.</summary>
    public ReadOnlySpan<float> SimilaritiesOf(int item) => similarities[item];

    /// <summary>Fits on all cores. Time grows with the sum of squared sequence lengths, memory with items times neighbours.</summary>
    public static ItemKnnBaseline Fit(InteractionLog log, ItemKnnOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new ItemKnnOptions();
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
        var pairWeight = double.IsPositiveInfinity(options.PairHalfLife) ? null : Decay(options.PairedLength, options.PairHalfLife);
        var parallel = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, items, parallel, () => new Row(items), (item, _, row) =>
        {
            row.Collect(occurrences[item], sequences, pairWeight);
            (neighbours[item], similarities[item]) = row.Best(item, occurrences, options);
            return row;
        }, _ => { });

        return new ItemKnnBaseline(
            options, neighbours, similarities, PopularityVote.Of(Array.ConvertAll(occurrences, users => users.Count)));
    }

    /// <summary>The same neighbours under another name, with other votes of the user's history.</summary>
    /// <param name="name">Name of its row.</param>
    /// <param name="historyLength">See <see cref="ItemKnnOptions.HistoryLength"/>.</param>
    /// <param name="historyHalfLife">See <see cref="ItemKnnOptions.HistoryHalfLife"/>.</param>
    public ItemKnnBaseline Voting(string name, int historyLength, double historyHalfLife)
    {
        var other = options with { HistoryLength = historyLength, HistoryHalfLife = historyHalfLife };
        return new ItemKnnBaseline(other, neighbours, similarities, popularity) { Name = name };
    }

    public void Score(in RankingQuery query, Span<float> scores)
    {
        popularity.CopyTo(scores);
        var history = query.History;
        var latest = history.Length > options.HistoryLength ? history[^options.HistoryLength..] : history;
        for (var age = 0; age < latest.Length; age++)
        {
            var item = latest[latest.Length - 1 - age];
            var vote = voteByAge[age];
            var near = neighbours[item];
            var similarity = similarities[item];
            for (var n = 0; n < near.Length; n++) scores[near[n]] += vote * similarity[n];
        }
    }

    private static float[] Decay(int length, double halfLife)
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
