using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.Baselines;
using RecSys.Core.Features;
using RecSys.Core.Training.Importance;
using RecSys.Core.Training.Rankers;
using RecSys.Core.Training.Rows;
using RecSys.Core.Training.Towers;

namespace RecSys.Core.Training.Protocols;

/// <summary>
/// Protocol <c>leave-one-out</c>: each user's last entry is the test, the one before it validation; the whole catalogue without the user's
/// seen items is ranked. Baselines are fitted on what comes before both and know, beside it, at most the test-free log before the request. So are the towers, which stop by the validation entries, except
/// that they know nothing of the latest choices before the test of some users: those are the ranker's (<see cref="HeldBackChoices"/>).
/// </summary>
public sealed class LeaveOneOutEvaluation(FeatureCatalogue catalogue, TrainingOptions options)
{
    /// <summary>Name of the protocol.</summary>
    public const string Protocol = "leave-one-out";

    /// <exception cref="RecSysException">No user has three different items.</exception>
    public EvaluationReport Run(InteractionLog log, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        log = log.InTimeOrder();
        var split = LeaveOneOutSplit.Create(log);
        if (split.Evaluated.Count == 0)
            throw new RecSysException("No user has three or more items, so nothing can be left out. Import a data set with longer "
                + "histories, or use --protocol time-split.");
        var withheld = Withheld(split);
        var known = new InteractionLog(log.Items, log.Users, [.. log.Events.ToArray().Where((_, index) => !withheld[index])]);
        var some = new FullRankingOptions { Validation = true, MaxChoices = BaselineSet.EnoughChoices };
        var baselines = BaselineSet.Choose(split.Train, split.Train, model =>
            FullRanking.Evaluate(model, split, some, null, cancellationToken), progress, cancellationToken);
        var rows = BaselineSet.Fit(split.Train, known, baselines, options.Seed, cancellationToken)
            .Select(baseline => FullRanking.Evaluate(baseline, split, null, progress, cancellationToken).ToRow()).ToList();

        var heldBack = HeldBackChoices.Draw(known, options);
        // The last entry that a tower log has of a user is the validation entry: held out of all users, none of them is learnt from.
        var towers = TowerFitting.Fit(heldBack.TowerLog, options, options.Towers with { ValidationUsers = int.MaxValue }, progress,
            cancellationToken);
        rows.Add(FullRanking.Evaluate(new TowerRecommender(towers, log.Users), split, null, progress, cancellationToken).ToRow());

        using var view = new TowerView(towers, heldBack.TowerLog);
        var extractor = new FeatureExtractor(catalogue);
        var lists = CandidateRows.Build(known, heldBack.Choices, view, extractor, options, progress);
        var ranker = RankerFitting.Fit(lists, options, catalogue, progress, cancellationToken);
        var unweighed = new TwoStageModel(towers, view, ranker, lists);
        var judges = heldBack.Since(lists.SplitTime(options.ValidationShare), RetrievalWeight.MaxLists);
        var model = RetrievalWeight.Weigh(known, judges, unweighed, extractor, options.Candidates, progress);
        rows.Add(RankTests(split, withheld, new TwoStageRanking(log, model, extractor, options.Candidates), progress).ToRow());
        return new EvaluationReport(Protocol, rows)
        {
            Baselines = baselines,
            Importance = ImportanceStudy.Run(ranker, test: null, options.Seed),
        };
    }

    // True for the test entry and everything its user did with the item afterwards.
    private static bool[] Withheld(LeaveOneOutSplit split)
    {
        var withheld = new bool[split.All.Events.Length];
        var tests = split.Users.ToDictionary(user => user.User);
        for (var i = 0; i < withheld.Length; i++)
        {
            ref readonly var e = ref split.All.Events[i];
            withheld[i] = tests.TryGetValue(e.User, out var user) && user.HasHeldOut && e.Item == user.TestItem && i >= user.TestEvent;
        }
        return withheld;
    }

    private static FullRankingResult RankTests(LeaveOneOutSplit split, bool[] withheld, TwoStageRanking ranking,
        IProgress<WorkProgress>? progress)
    {
        var users = split.Evaluated.OrderBy(user => user.TestEvent).ToArray();
        var ranks = new double[users.Length];
        var times = new long[split.All.Items.Count];
        CandidateWalk.Run(split.All, [.. users.Select(user => user.TestEvent)], withheld, (choice, index, state) =>
        {
            ranks[choice] = ranking.Rank(index, state);
            foreach (var item in ranking.Ranked[..Math.Min(10, ranking.Ranked.Length)]) times[item]++;
        }, "rank two-stage", progress);
        return new FullRankingResult("two-stage", [.. users.Select(user => user.User)], ranks, times) { Knows = Knowledge.All };
    }
}
