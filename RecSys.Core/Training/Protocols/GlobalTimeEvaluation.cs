using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
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
    /// <exception cref="RecSysException">The log is too small.</exception>
    public EvaluationReport Run(
        InteractionLog log, IReadOnlyList<TargetChoice> targets, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        var split = GlobalTimeSplit.Create(log);
        var known = split.Log.Where(e => e.TimeMs <= split.ValidateUntilMs);
        var trained = known.Where(e => e.TimeMs <= split.TrainUntilMs);
        var towers = TowerFitting.Fit(trained, options, options.Towers, progress, cancellationToken, validation: Validation(split));
        using var view = new TowerView(towers, trained);
        var extractor = new FeatureExtractor(catalogue);
        var model = FitRanker(split, known, towers, view, extractor, progress, cancellationToken);

        IRecommender[] single = [new RandomBaseline(options.Seed), PopularityBaseline.Fit(known),
            ItemKnnBaseline.Fit(known, null, cancellationToken), new TowerRecommender(towers, log.Users)];
        var twoStage = new TwoStageRanking(split.Log, model, extractor, options.Candidates);
        var rows = new List<EvaluationRow>();
        foreach (var choice in targets)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var ranking = new NextItemRanking(split.Log, split.Test[choice]);
            EvaluationRow Row(FullRankingResult result) => result.ToRow() with { Target = TargetChoices.NameOf(choice) };
            rows.AddRange(single.Select(recommender => Row(ranking.Rank(recommender, progress))));
            rows.Add(Row(ranking.Rank(twoStage, progress)) with { KnowsTime = true });
        }
        return new EvaluationReport(Protocol, rows) { Notes = Notes(split, targets, towers) };
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
        var lists = CandidateRows.Build(known, choices, view, extractor, options, progress);
        var ranker = RankerFitting.Fit(lists, options, catalogue, progress, cancellationToken);
        var later = lists.SplitTime(options.ValidationShare);
        int[] judges = [.. choices.Where(index => known.Events[index].TimeMs >= later).Take(RetrievalWeight.MaxLists)];
        return RetrievalWeight.Weigh(known, judges, new TwoStageModel(towers, view, ranker, lists), extractor, options.Candidates, progress);
    }

    private static string[] Notes(GlobalTimeSplit split, IReadOnlyList<TargetChoice> targets, TwoTowerModel towers) =>
    [
        FormattableString.Invariant($"5-core: {split.Users.Count(user => user.Sequence.Length > 0):N0} users, ")
            + FormattableString.Invariant($"{split.Users.Sum(user => (long)user.Sequence.Length):N0} interactions"),
        FormattableString.Invariant($"training until {split.TrainUntilMs / 1000} ({At(split.TrainUntilMs)}), validation until ")
            + FormattableString.Invariant($"{split.ValidateUntilMs / 1000} ({At(split.ValidateUntilMs)}), Unix seconds"),
        FormattableString.Invariant($"{split.Test[TargetChoice.Last].Count:N0} test users, {split.Validation.Count:N0} validation users; ")
            + string.Join(", ", targets.Select(choice =>
                FormattableString.Invariant($"{TargetChoices.NameOf(choice)}: {split.Test[choice].Count:N0} targets"))),
        FormattableString.Invariant($"towers: epoch {towers.BestEpoch.Epoch} of {towers.Epochs.Count}, validation NDCG@10 ")
            + FormattableString.Invariant($"{towers.BestEpoch.ValidNdcg10:F4} (last item of each validation user)"),
    ];

    private static string At(long timeMs) => FormattableString.Invariant($"{DateTimeOffset.FromUnixTimeMilliseconds(timeMs):u}");
}
