using System.Runtime.InteropServices;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Training.Rows;

namespace RecSys.Core.Training.Protocols;

/// <summary>
/// From a moment on, one item of each user that is new to them is to be predicted from the sequence before it: the first or the last.
/// </summary>
internal sealed class NextItemRanking
{
    private readonly InteractionLog log;
    private readonly List<(int Index, int User, int[] History)> targets = [];

    /// <param name="log">The whole log.</param>
    /// <param name="fromMs">Start of the test part, Unix milliseconds.</param>
    /// <param name="last">The last new item of each user instead of the first; what comes between the start of the test part and it is then
    /// known, too.</param>
    public NextItemRanking(InteractionLog log, long fromMs, bool last = false)
    {
        this.log = log;
        var sequences = new List<int>[log.Users.Count];
        var chosen = new Dictionary<int, (int Index, int Known)>();
        var events = log.Events;
        for (var i = 0; i < events.Length; i++)
        {
            var e = events[i];
            if (e.User < 0 || !e.IsPositive) continue;
            var sequence = sequences[e.User] ??= [];
            if (e.TimeMs >= fromMs && sequence.Count > 0 && (last || !chosen.ContainsKey(e.User)) && !sequence.Contains(e.Item))
                chosen[e.User] = (i, sequence.Count);
            if (InteractionSequence.Extends(CollectionsMarshal.AsSpan(sequence), e)) sequence.Add(e.Item);
        }
        foreach (var (user, (index, known)) in chosen.OrderBy(entry => entry.Value.Index))
            targets.Add((index, user, [.. sequences[user][..known]]));
    }

    /// <exception cref="RecSysException">There is nothing to predict.</exception>
    public NextItemRanking RequireTargets() => targets.Count > 0 ? this : throw new RecSysException(
        "No user who is known before the test part turns to a new item in it; choose an earlier --validate-until.");

    public FullRankingResult Rank(IRecommender recommender, FullRankingOptions? options = null) =>
        FullRanking.Evaluate(recommender, [.. targets.Select(ChoiceOf)], log.Items.Count, options);

    public FullRankingResult Rank(TwoStageRanking ranking, IProgress<WorkProgress>? progress)
    {
        var ranks = new double[targets.Count];
        var times = new long[log.Items.Count];
        CandidateWalk.Run(log, [.. targets.Select(target => target.Index)], withheld: null, (choice, index, state) =>
        {
            ranks[choice] = ranking.Rank(index, state);
            foreach (var item in ranking.Ranked[..Math.Min(10, ranking.Ranked.Length)]) times[item]++;
        }, "rank two-stage", progress);
        return new FullRankingResult("two-stage", [.. targets.Select(target => target.User)], ranks, times) { Knows = Knowledge.All };
    }

    private HeldOutChoice ChoiceOf((int Index, int User, int[] History) target) =>
        new(target.User, log.Events[target.Index].Item, target.History, log.Events[target.Index].TimeMs);
}
