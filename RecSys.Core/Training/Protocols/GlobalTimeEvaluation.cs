using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.Baselines;
using RecSys.Core.Features;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Training.Rankers;
using RecSys.Core.Training.Rows;
using RecSys.Core.Training.Towers;

namespace RecSys.Core.Training.Protocols;

/// <summary>
/// Protocol <c>global-time</c>, a published one (<see cref="GlobalTimeSplit"/>): entries behind a moment are to be told from all that their
/// users did before them, ranked among the whole catalogue without seen items, by models that do not learn any more. One fit answers all
/// choices of targets. The towers learn from the training part and stop by the validation part, as published; the ranker learns from
/// the choices of the validation part, which the towers do not know. Baselines learn from both parts.
/// </summary>
public sealed class GlobalTimeEvaluation(FeatureCatalogue catalogue, TrainingOptions options)
{
    /// <summary>Name of the protocol.</summary>
    public const string Protocol = "global-time";

    /// <param name="log">The whole log.</param>
    /// <param name="targets">Which targets to report, in this order.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>A report for each choice of targets, all of the same fit.</returns>
    /// <exception cref="RecSysException">The log is too small.</exception>
    public IReadOnlyList<EvaluationReport> Run(
        InteractionLog log, IReadOnlyList<TargetChoice> targets, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        var split = GlobalTimeSplit.Create(log);
        var known = split.Log.Where(e => e.TimeMs <= split.ValidateUntilMs);
        var trained = known.Where(e => e.TimeMs <= split.TrainUntilMs);
        var (baselines, toBeat) = ChooseBaselines(split, known, trained, progress, cancellationToken);
        var towers = TowerFitting.Fit(trained, options, options.Towers, progress, cancellationToken, validation: Validation(split));
        using var view = NeighbourFitting.View(towers, trained, seesCandidates: true, options, progress, cancellationToken);
        var extractor = new FeatureExtractor(catalogue);
        var model = FitRanker(split, known, towers, view, extractor, progress, cancellationToken);

        IRecommender[] single = [.. BaselineSet.Fit(known, split.Log, baselines, options.Seed, cancellationToken),
            new TowerRecommender(towers, log.Users)];
        var twoStage = new TwoStageRanking(split.Log, model, extractor, options.Candidates);
        return [.. targets.Select(Report)];

        EvaluationReport Report(TargetChoice choice)
        {
            var ranking = new NextItemRanking(split.Log, split.Test[choice]);
            var outcomes = new TestOutcomes(split.Log, ranking.Choices,
            [
                .. single.Select(recommender => ranking.Rank(recommender, null, progress, cancellationToken)),
                ranking.Rank(twoStage, progress, cancellationToken),
            ])
            {
                BaselineToBeat = toBeat,
            };
            return EvaluationReport.Of(Protocol, outcomes, options.Seed, cancellationToken) with
            {
                Target = TargetChoices.NameOf(choice),
                Notes = Notes(split, towers),
                Baselines = baselines,
                Data = EvaluationData.Of(outcomes, trained.Events.Length, known.Events.Length - trained.Events.Length,
                    split.Log.Events.Length - known.Events.Length),
            };
        }
    }

    // By the validation part's targets.
    private (BaselineSettings Settings, string? ToBeat) ChooseBaselines(
        GlobalTimeSplit split, InteractionLog known, InteractionLog trained, IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken)
    {
        var validation = new NextItemRanking(split.Log, split.Validation);
        var some = new FullRankingOptions { MaxChoices = BaselineSet.EnoughChoices };
        FullRankingResult Validate(IRecommender model) => validation.Rank(model, some, null, cancellationToken);
        var settings = BaselineSet.Choose(trained, known, Validate, progress, cancellationToken);
        return (settings, BaselineSet.Best(BaselineSet.Fit(trained, known, settings, options.Seed, cancellationToken), Validate));
    }

    private static HeldOutEntry[] Validation(GlobalTimeSplit split) =>
    [
        .. split.Validation.Select(target =>
        {
            ref readonly var e = ref split.Log.Events[target.Event];
            return new HeldOutEntry(e.User, target.History.ToArray(), target.Item, e.Device, e.Location);
        }),
    ];

    private TwoStageModel FitRanker(
        GlobalTimeSplit split, InteractionLog known, TwoTowerModel towers, TowerView view, FeatureExtractor extractor,
        IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        var choices = TwoStageTraining.Choices(known, split.TrainUntilMs + 1, options.MaxTargets);
        var lists = CandidateRows.Build(known, choices, view, extractor, options.ReturnShare, options, progress, cancellationToken);
        var ranker = RankerFitting.Fit(lists, options, catalogue, progress, cancellationToken);
        var later = lists.SplitTime(options.ValidationShare);
        var judges = ReferenceRows.Thin([.. choices.Where(index => known.Events[index].TimeMs >= later)], RetrievalWeight.MaxLists);
        return RetrievalWeight.Weigh(known, judges, options.ReturnShare, new TwoStageModel(towers, view, ranker, lists), extractor,
            options.Candidates, progress, cancellationToken);
    }

    private static string[] Notes(GlobalTimeSplit split, TwoTowerModel towers) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"5-core: {split.Users.Count(user => user.Sequence.Length > 0):N0} users, "
            + $"{split.Users.Sum(user => (long)user.Sequence.Length):N0} interactions; {split.Test[TargetChoice.Last].Count:N0} test "
            + $"users, {split.Validation.Count:N0} validation users"),
        string.Create(CultureInfo.InvariantCulture, $"training until {Moment(split.TrainUntilMs)}, validation until "
            + $"{Moment(split.ValidateUntilMs)}"),
        string.Create(CultureInfo.InvariantCulture, $"towers: epoch {towers.BestEpoch.Epoch} of {towers.Epochs.Count}, NDCG@10 "
            + $"{towers.BestEpoch.ValidNdcg10:F4} for the last item of each validation user"),
    ];

    private static string Moment(long timeMs) =>
        string.Create(CultureInfo.InvariantCulture, $"{timeMs / 1000} ({DateTimeOffset.FromUnixTimeMilliseconds(timeMs):u})");
}
