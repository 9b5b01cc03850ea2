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

    /// <summary>Ranks for all users of a split that have held-out items, in ordinal order.</summary>
    public static FullRankingResult Evaluate(
        IRecommender model,
        LeaveOneOutSplit split,
        FullRankingOptions? options = null,
        IProgress<WorkProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var validation = options?.Validation ?? false;
        var choices = split.Evaluated.Select(user => validation
            ? new HeldOutChoice(user.User, user.ValidationItem, user.ValidationHistory, user.ValidationTimeMs)
            : new HeldOutChoice(user.User, user.TestItem, user.TestHistory, user.TestTimeMs));
        return Evaluate(model, [.. choices], split.All.Items.Count, options, progress, cancellationToken);
    }

    /// <summary>Ranks held-out choices in their order; the result does not depend on the number of threads.</summary>
    /// <param name="model">The model.</param>
    /// <param name="choices">What is to be told.</param>
    /// <param name="items">Items in the catalogue.</param>
    /// <param name="options">Ties, length of lists, threads.</param>
    /// <param name="progress">Told how many are ranked.</param>
    /// <param name="cancellationToken">Stops between choices.</param>
    public static FullRankingResult Evaluate(
        IRecommender model,
        IReadOnlyList<HeldOutChoice> choices,
        int items,
        FullRankingOptions? options = null,
        IProgress<WorkProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new FullRankingOptions();
        if (choices.Count > options.MaxChoices)
        {
            var step = choices.Count / (double)options.MaxChoices;
            choices = [.. Enumerable.Range(0, options.MaxChoices).Select(at => choices[(int)(at * step)])];
        }
        var ranks = new double[choices.Count];
        var times = new long[items];
        var done = 0;
        var parallel = new ParallelOptions
        {
            CancellationToken = cancellationToken,
            MaxDegreeOfParallelism = options.Threads == 0 ? Environment.ProcessorCount : options.Threads,
        };
        Parallel.For(0, choices.Count, parallel, () => new Scratch(items, options.ListLength), (at, _, scratch) =>
        {
            var choice = choices[at];
            var history = choice.History.Span;
            model.Score(new RankingQuery(choice.User, history, choice.TimeMs), scratch.Scores);
            ranks[at] = RankOf(scratch.Scores, choice.Item, history, options.Ties);
            scratch.CountTop();
            var finished = Interlocked.Increment(ref done);
            if (finished % 1000 == 0 || finished == choices.Count)
                progress?.Report(new WorkProgress($"rank {model.Name}", finished, choices.Count, "users"));
            return scratch;
        }, scratch =>
        {
            lock (times)
            {
                for (var i = 0; i < times.Length; i++) times[i] += scratch.Times[i];
            }
        });
        return new FullRankingResult(model.Name, [.. choices.Select(choice => choice.User)], ranks, times) { Knows = model.Knows };
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
