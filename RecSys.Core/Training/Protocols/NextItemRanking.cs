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
    public static NextItemRanking First(InteractionLog log, long fromMs) => new(log,
        [.. SequenceTarget.Successive(UserSequence.AllOf(log), fromMs - 1).DistinctBy(target => target.User.User)
            .OrderBy(target => target.Event)]);

    /// <exception cref="RecSysException">There is nothing to predict.</exception>
    public NextItemRanking RequireTargets() => targets.Count > 0 ? this : throw new RecSysException(
        "No user who is known before the test part turns to a new item in it; choose an earlier --validate-until.");

    /// <summary>Indexes in the log of what is to be predicted, in the order of all results.</summary>
    public int[] Choices => [.. targets.Select(target => target.Event)];

    public FullRankingResult Rank(
        IRecommender recommender, FullRankingOptions? options = null, IProgress<WorkProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        FullRanking.Evaluate(recommender, [.. targets.Select(target => target.ToChoice())], log.Items.Count, options, progress,
            cancellationToken);

    public FullRankingResult Rank(TwoStageRanking ranking, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        var ranks = new double[targets.Count];
        var times = new long[log.Items.Count];
        CandidateWalk.Run(log, Choices, withheld: null, (choice, index, state) =>
        {
            ranks[choice] = ranking.Rank(index, state);
            foreach (var item in ranking.Ranked[..Math.Min(10, ranking.Ranked.Length)]) times[item]++;
        }, "rank two-stage", progress, cancellationToken);
        return new FullRankingResult("two-stage", [.. targets.Select(target => target.User.User)], ranks, times) { Knows = Knowledge.All };
    }
}
