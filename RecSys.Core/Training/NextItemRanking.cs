using System.Runtime.InteropServices;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation;

namespace RecSys.Core.Training;

/// <summary>From a moment on, the first item of each user that is new to them is the one to predict, from the sequence before it.</summary>
internal sealed class NextItemRanking
{
    private readonly InteractionLog log;
    private readonly List<(int Index, int User, int[] History)> targets = [];

    /// <param name="log">The whole log.</param>
    /// <param name="fromMs">Start of the test part, Unix milliseconds.</param>
    public NextItemRanking(InteractionLog log, long fromMs)
    {
        this.log = log;
        var sequences = new List<int>[log.Users.Count];
        var done = new bool[log.Users.Count];
        var events = log.Events;
        for (var i = 0; i < events.Length; i++)
        {
            var e = events[i];
            if (!e.Type.IsPositive() || done[e.User]) continue;
            var sequence = sequences[e.User] ??= [];
            if (e.TimeMs >= fromMs && sequence.Count > 0 && !sequence.Contains(e.Item))
            {
                targets.Add((i, e.User, [.. sequence]));
                done[e.User] = true;
            }
            if (InteractionSequence.Extends(CollectionsMarshal.AsSpan(sequence), e)) sequence.Add(e.Item);
        }
        if (targets.Count == 0) throw new RecSysException("No user who is known before the test part turns to a new item in it; choose an earlier --validate-until.");
    }

    public FullRankingResult Rank(IRecommender recommender)
    {
        var scores = new float[log.Items.Count];
        var ranks = new double[targets.Count];
        var times = new long[log.Items.Count];
        for (var t = 0; t < targets.Count; t++)
        {
            var (index, user, history) = targets[t];
            recommender.Score(user, history, scores);
            ranks[t] = FullRanking.RankOf(scores, log.Events[index].Item, history);
            CountTop(scores, times);
        }
        return new FullRankingResult(recommender.Name, [.. targets.Select(target => target.User)], ranks, times);
    }

    public FullRankingResult Rank(TwoStageRanking ranking, IProgress<WorkProgress>? progress)
    {
        var ranks = new double[targets.Count];
        var times = new long[log.Items.Count];
        CandidateWalk.Run(log, [.. targets.Select(target => target.Index)], withheld: null, (choice, index, state) =>
        {
            ranks[choice] = ranking.Rank(index, state);
            foreach (var item in ranking.Ranked[..Math.Min(10, ranking.Ranked.Length)]) times[item]++;
        }, "rank two-stage", progress);
        return new FullRankingResult("two-stage", [.. targets.Select(target => target.User)], ranks, times);
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
