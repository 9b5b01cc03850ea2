using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Training.Rows;

namespace RecSys.Core.Training.Protocols;

/// <summary>Entries that are to be told from what their users did before them, ranked among all items that the users had not met.</summary>
/// <param name="log">The whole log, in time order.</param>
/// <param name="targets">In the order of the log.</param>
internal sealed class NextItemRanking(InteractionLog log, IReadOnlyList<SequenceTarget> targets)
{
    /// <summary>Each user's first new item from a moment on, Unix milliseconds.</summary>
    /// <exception cref="RecSysException">Nobody who is known before turns to a new one.</exception>
    public static NextItemRanking First(InteractionLog log, long fromMs)
    {
        var targets = SequenceTarget.Successive(UserSequence.AllOf(log), fromMs - 1).DistinctBy(target => target.User.User)
            .OrderBy(target => target.Event).ToArray();
        if (targets.Length == 0)
            throw new RecSysException(
                "No user who is known before the test part turns to a new item in it; choose an earlier --validate-until.");
        return new NextItemRanking(log, targets);
    }

    public FullRankingResult Rank(IRecommender recommender, IProgress<WorkProgress>? progress = null)
    {
        var scores = new float[log.Items.Count];
        var ranks = new double[targets.Count];
        var times = new long[log.Items.Count];
        for (var t = 0; t < targets.Count; t++)
        {
            recommender.Score(targets[t].User.User, targets[t].History, scores);
            ranks[t] = FullRanking.RankOf(scores, targets[t].Item, targets[t].History);
            CountTop(scores, times);
            if ((t + 1) % 5000 == 0) progress?.Report(new WorkProgress($"rank {recommender.Name}", t + 1, targets.Count, "lists"));
        }
        return new FullRankingResult(recommender.Name, [.. targets.Select(target => target.User.User)], ranks, times);
    }

    public FullRankingResult Rank(TwoStageRanking ranking, IProgress<WorkProgress>? progress)
    {
        var ranks = new double[targets.Count];
        var times = new long[log.Items.Count];
        CandidateWalk.Run(log, [.. targets.Select(target => target.Event)], withheld: null, (choice, index, state) =>
        {
            ranks[choice] = ranking.Rank(index, state);
            foreach (var item in ranking.Ranked[..Math.Min(10, ranking.Ranked.Length)]) times[item]++;
        }, "rank two-stage", progress);
        return new FullRankingResult("two-stage", [.. targets.Select(target => target.User.User)], ranks, times);
    }

    // RankOf has already taken the seen items out of the scores.
    private static void CountTop(float[] scores, long[] times)
    {
        Span<int> top = stackalloc int[10];
        for (var place = 0; place < top.Length; place++)
        {
            var best = -1;
            for (var item = 0; item < scores.Length; item++)
            {
                if (scores[item] > float.NegativeInfinity && (best < 0 || scores[item] > scores[best])) best = item;
            }
            if (best < 0) return;
            times[best]++;
            scores[best] = float.NegativeInfinity;
        }
    }
}
