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
/// Protocol <c>leave-one-out</c>: each user's last entry that was not taken back is the test, the one before it validation; the whole
/// catalogue without the user's seen items is ranked. Baselines are fitted on what comes before both and know, beside it, at most the
/// test-free log before the request. So are the towers, which stop by the validation entries, except that they know nothing of the latest
/// choices before the test of some users: those are the ranker's (<see cref="HeldBackChoices"/>).
/// </summary>
public sealed class LeaveOneOutEvaluation(FeatureCatalogue catalogue, TrainingOptions options)
{
    /// <summary>Name of the protocol.</summary>
    public const string Protocol = "leave-one-out";

    /// <param name="log">The whole log.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <param name="seeds">How often the models are fitted, with seeds one after the other; the rows are those of the first.</param>
    /// <exception cref="RecSysException">No user has three different items.</exception>
    public EvaluationReport Run(
        InteractionLog log, IProgress<WorkProgress>? progress, CancellationToken cancellationToken, int seeds = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(seeds, 1);
        log = log.InTimeOrder();
        var split = LeaveOneOutSplit.Create(log);
        if (split.Evaluated.Count == 0)
            throw new RecSysException("No user has three or more items that were not taken back, so nothing can be left out: the last "
                + "is to be "
                + $"told, the one before it stops the training, the rest is learnt from. {LogNeeds.WithoutLongHistories(log)}");
        var withheld = Withheld(split);
        var known = new InteractionLog(log.Items, log.Users, [.. log.Events.ToArray().Where((_, index) => !withheld[index])]);
        var some = new FullRankingOptions { Validation = true, MaxChoices = BaselineSet.EnoughChoices };
        FullRankingResult Validate(IRecommender model) => FullRanking.Evaluate(model, split, some, null, cancellationToken);
        var baselines = BaselineSet.Choose(split.Train, split.Train, Validate, progress, cancellationToken);
        var fitted = BaselineSet.Fit(split.Train, known, baselines, options.Seed, cancellationToken);
        // The baseline to beat is chosen like everything else: not by the test.
        var toBeat = BaselineSet.Best(fitted, Validate);
        var ranked = fitted.Select(baseline => FullRanking.Evaluate(baseline, split, null, progress, cancellationToken)).ToArray();
        var runs = Enumerable.Range(options.Seed, seeds)
            .Select(seed => Fit(split, known, withheld, options.WithSeed(seed), progress, cancellationToken)).ToArray();
        var outcomes = new TestOutcomes(
            split.All, [.. split.Evaluated.Select(user => user.TestEvent)], [.. ranked, .. runs[0].Results])
        {
            BaselineToBeat = toBeat,
        };
        return EvaluationReport.Of(Protocol, outcomes, options.Seed, cancellationToken) with
        {
            Baselines = baselines,
            Data = EvaluationData.Of(outcomes, split.Train.Events.Length, split.Evaluated.Count, split.Evaluated.Count),
            Importance = runs[0].Importance,
            Seeds = seeds == 1 ? null : SeedStudy.Of(
                [.. runs.Select(run => (run.Seed, run.Results))], ranked.Single(result => result.Model == toBeat)),
        };
    }

    private ModelRun Fit(
        LeaveOneOutSplit split, InteractionLog known, bool[] withheld, TrainingOptions seeded, IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken)
    {
        var heldBack = HeldBackChoices.Draw(known, seeded).RequireEnough(seeded);
        // The last entry that a tower log has of a user is the validation entry: held out of all users, none of them is learnt from.
        var towers = TowerFitting.Fit(heldBack.TowerLog, seeded, seeded.Towers with { ValidationUsers = int.MaxValue }, progress,
            cancellationToken);
        var retrieval = FullRanking.Evaluate(new TowerRecommender(towers, known.Users), split, null, progress, cancellationToken);
        using var view = NeighbourFitting.View(towers, heldBack.TowerLog, seesCandidates: true, seeded, progress, cancellationToken);
        var extractor = new FeatureExtractor(catalogue);
        // What is held out is the last of each user's choices, mostly in the middle of a session: all choices count alike.
        var lists = CandidateRows.Build(known, heldBack.Choices, view, extractor, returnShare: 0, seeded, progress, cancellationToken);
        var ranker = RankerFitting.Fit(lists, seeded, catalogue, progress, cancellationToken);
        var unweighed = new TwoStageModel(towers, view, ranker, lists);
        var judges = heldBack.Since(lists.SplitTime(seeded.ValidationShare), RetrievalWeight.MaxLists);
        var model = RetrievalWeight.Weigh(
            known, judges, returnShare: 0, unweighed, extractor, seeded.Candidates, progress, cancellationToken);
        var twoStage = RankTests(split, withheld, new TwoStageRanking(split.All, model, extractor, seeded.Candidates), progress,
            cancellationToken);
        return new ModelRun(seeded.Seed, [retrieval, twoStage], ImportanceStudy.Run(ranker, test: null, seeded.Seed));
    }

    // True for the test entry, and what was taken back behind it, and everything its user did with these items afterwards.
    private static bool[] Withheld(LeaveOneOutSplit split)
    {
        var withheld = new bool[split.All.Events.Length];
        var tests = split.Users.ToDictionary(user => user.User);
        for (var i = 0; i < withheld.Length; i++)
        {
            ref readonly var e = ref split.All.Events[i];
            withheld[i] = tests.TryGetValue(e.User, out var user) && user.IsOfTest(e.Item, i);
        }
        return withheld;
    }

    private static FullRankingResult RankTests(LeaveOneOutSplit split, bool[] withheld, TwoStageRanking ranking,
        IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        // A walk goes through the log; the ranks stand in the order of the users, as those of the others do.
        var users = split.Evaluated.Select((user, at) => (user.TestEvent, At: at)).OrderBy(user => user.TestEvent).ToArray();
        var ranks = new double[users.Length];
        var times = new long[split.All.Items.Count];
        CandidateWalk.Run(split.All, [.. users.Select(user => user.TestEvent)], withheld, (choice, index, state) =>
        {
            ranks[users[choice].At] = ranking.Rank(index, state);
            foreach (var item in ranking.Ranked[..Math.Min(10, ranking.Ranked.Length)]) times[item]++;
        }, "rank two-stage", progress, cancellationToken);
        return new FullRankingResult("two-stage", [.. split.Evaluated.Select(user => user.User)], ranks, times) { Knows = Knowledge.All };
    }

    private sealed record ModelRun(int Seed, FullRankingResult[] Results, IReadOnlyList<FeatureImportance> Importance);
}
