using RecSys.Core.Domain;

namespace RecSys.Core.Evaluation;

/// <summary>
/// Ranks the held-out item of every user among the whole catalogue without the items the user has already seen. Nothing is
/// sampled: sampled metrics can order models wrongly (Krichene and Rendle, 2020).
/// </summary>
public static class FullRanking
{
    /// <summary>
    /// Rank of <paramref name="target"/>, from 1, among all items that are not in <paramref name="seen"/>. Items with NaN or negative
    /// infinity are not in the list; when the target is one of them the rank is positive infinity.
    /// </summary>
    /// <param name="scores">Indexed by item ordinal. The scores of seen items are overwritten with negative infinity.</param>
    /// <param name="target">Item ordinal; never excluded, even when it is also among the seen items.</param>
    /// <param name="seen">Item ordinals, repeats allowed.</param>
    /// <param name="ties">Where the target stands among items of its score.</param>
    public static double RankOf(Span<float> scores, int target, ReadOnlySpan<int> seen, TiePolicy ties = TiePolicy.Pessimistic)
    {
        var score = scores[target];
        foreach (var item in seen) scores[item] = float.NegativeInfinity;
        scores[target] = score;
        if (float.IsNaN(score) || float.IsNegativeInfinity(score)) return double.PositiveInfinity;

        int above = 0, equal = -1;
        foreach (var other in scores)
        {
            above += other > score ? 1 : 0;
            equal += other == score ? 1 : 0;
        }
        return 1 + above + (ties == TiePolicy.Average ? equal / 2.0 : equal);
    }

    /// <summary>
    /// Ranks for all users of a split that have held-out items, in ordinal order; the result does not depend on the number of threads.
    /// </summary>
    public static FullRankingResult Evaluate(
        IRecommender model,
        LeaveOneOutSplit split,
        FullRankingOptions? options = null,
        IProgress<WorkProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new FullRankingOptions();
        var users = split.Evaluated;
        var items = split.All.Items.Count;
        var ranks = new double[users.Count];
        var times = new long[items];
        var done = 0;
        var parallel = new ParallelOptions
        {
            CancellationToken = cancellationToken,
            MaxDegreeOfParallelism = options.Threads == 0 ? Environment.ProcessorCount : options.Threads,
        };
        Parallel.For(0, users.Count, parallel, () => new Scratch(items, options.ListLength), (at, _, scratch) =>
        {
            var user = users[at];
            var history = options.Validation ? user.TrainHistory : user.TestHistory;
            model.Score(user.User, history, scratch.Scores);
            ranks[at] = RankOf(scratch.Scores, options.Validation ? user.ValidationItem : user.TestItem, history, options.Ties);
            scratch.CountTop();
            var finished = Interlocked.Increment(ref done);
            if (finished % 1000 == 0 || finished == users.Count)
                progress?.Report(new WorkProgress($"rank {model.Name}", finished, users.Count, "users"));
            return scratch;
        }, scratch =>
        {
            lock (times)
            {
                for (var i = 0; i < times.Length; i++) times[i] += scratch.Times[i];
            }
        });
        return new FullRankingResult(model.Name, [.. users.Select(user => user.User)], ranks, times);
    }

    // One per thread, so that ranking a user allocates nothing.
    private sealed class Scratch(int items, int listLength)
    {
        private readonly PriorityQueue<int, float> top = new(listLength + 1);

        public float[] Scores { get; } = new float[items];
        public int[] Times { get; } = new int[items];

        public void CountTop()
        {
            for (var item = 0; item < Scores.Length; item++)
            {
                var score = Scores[item];
                if (float.IsNaN(score) || float.IsNegativeInfinity(score)) continue;
                if (top.Count < listLength) top.Enqueue(item, score);
                else if (top.TryPeek(out _, out var lowest) && score > lowest) top.DequeueEnqueue(item, score);
            }
            while (top.TryDequeue(out var item, out _)) Times[item]++;
        }
    }
}
