using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.Baselines;
using RecSys.Core.Evaluation.Impressions;
using RecSys.Core.Features;
using RecSys.Core.Training.Importance;
using RecSys.Core.Training.Rankers;
using RecSys.Core.Training.Rows;
using RecSys.Core.Training.Towers;

namespace RecSys.Core.Training.Protocols;

/// <summary>
/// Protocol <c>time-split</c>: everything is learnt from events before two cuts and tested on what comes after. Within the training part
/// the towers take the earlier share; see <see cref="TwoStageTraining"/>. List metrics rank each user's first new item of the test part
/// among the whole catalogue without seen items; prediction metrics judge every impression of the test part.
/// </summary>
public sealed class TimeSplitEvaluation(FeatureCatalogue catalogue, TrainingOptions options)
{
    /// <summary>Name of the protocol.</summary>
    public const string Protocol = "time-split";

    /// <param name="log">The whole log.</param>
    /// <param name="split">The cuts; see <see cref="TimeSplit"/>.</param>
    /// <param name="groups">Also measure what groups of features add; needs impressions in the test part.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <exception cref="RecSysException">A part of the split is too small.</exception>
    public EvaluationReport Run(InteractionLog log, TimeSplit split, bool groups, IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken)
    {
        log = log.InTimeOrder();
        if (split.Test.Events.IsEmpty || split.Validation.Events.IsEmpty)
            throw new RecSysException("The validation or the test part of the split holds no events; choose cuts that lie within the log.");
        var impressions = TwoStageTraining.HasImpressions(log, split.ValidateUntilMs);
        if (groups && !impressions)
            throw new RecSysException(
                "The test part of the log has too few impressions to tell what groups of features add; leave --groups out.");
        var cut = TwoStageTraining.TowerCut(split.Train, options.TowerShare);
        var earlier = log.Where(e => e.TimeMs < cut);
        var towers = TowerFitting.Fit(earlier, options, progress, cancellationToken);
        using var view = NeighbourFitting.View(towers, earlier, !impressions, options, progress, cancellationToken);
        var extractor = new FeatureExtractor(catalogue);
        var labels = impressions ? TwoStageTraining.Labels(log, options.Label) : [];
        var rows = impressions
            ? ImpressionRows.Build(log, new ImpressionReplay(cut, labels), view, extractor, progress, cancellationToken)
            : CandidateRows.Build(log, TwoStageTraining.Choices(log, cut, options.MaxTargets, split.ValidateUntilMs), view, extractor,
                options.ReturnShare, options, progress, cancellationToken);
        var position = impressions ? PositionBias.Settle(log, rows, catalogue, split.TrainUntilMs) : null;
        var (train, valid) = (rows.Between(long.MinValue, split.TrainUntilMs), rows.Between(split.TrainUntilMs, split.ValidateUntilMs));
        var ranker = RankerFitting.Fit(train, valid, options, catalogue, progress, cancellationToken);
        var unweighed = new TwoStageModel(towers, view, ranker, rows);
        var model = impressions && !options.WeighRetrieval
            ? unweighed
            : RetrievalWeight.Weigh(
                log, TwoStageTraining.Choices(log, split.TrainUntilMs, RetrievalWeight.MaxLists, split.ValidateUntilMs),
                impressions ? 0 : options.ReturnShare, unweighed, extractor, options.Candidates, progress, cancellationToken);

        var knownToValidation = log.Where(e => e.TimeMs < split.ValidateUntilMs);
        var validation = NextItemRanking.First(knownToValidation, split.TrainUntilMs);
        var some = new FullRankingOptions { MaxChoices = BaselineSet.EnoughChoices };
        FullRankingResult Validate(IRecommender model) => validation.Rank(model, some, null, cancellationToken);
        var baselines = BaselineSet.Choose(split.Train, knownToValidation, Validate, progress, cancellationToken);
        var fitted = BaselineSet.Fit(split.Train, log, baselines, options.Seed, cancellationToken);
        IRecommender[] single = [.. fitted, new TowerRecommender(towers, log.Users)];
        var nextItem = NextItemRanking.First(log, split.ValidateUntilMs).RequireTargets();
        var ranked = single.Select(recommender => nextItem.Rank(recommender, null, progress, cancellationToken)).ToList();
        ranked.Add(nextItem.Rank(new TwoStageRanking(log, model, extractor, options.Candidates), progress, cancellationToken));
        var outcomes = new TestOutcomes(log, nextItem.Choices, ranked) { BaselineToBeat = BaselineSet.Best(fitted, Validate) };
        if (!impressions)
            return Report(outcomes, split, baselines, cancellationToken) with
            {
                Importance = ImportanceStudy.Run(ranker, test: null, options.Seed),
            };

        var test = new TestImpressions(log, labels, split.ValidateUntilMs);
        var testRows = rows.Between(split.ValidateUntilMs, long.MaxValue);
        PositionBias.AsServed(testRows.Values, catalogue);
        var judged = test.Judge(ranker, testRows);
        outcomes = outcomes with
        {
            Impressions = test.Shown,
            Judged = [.. single.Select(recommender => test.Judge(recommender, cancellationToken)),
                .. JudgeByLists(log, labels, split, test.Shown, ref baselines), judged],
        };
        StateRow RankerFrozen(bool items)
        {
            var wanted = new ImpressionReplay(cut, labels)
            {
                First = test.Shown.Events[0],
                Freeze = new StateFreeze(split.ValidateUntilMs, items),
            };
            var frozen = ImpressionRows.Build(log, wanted, view, extractor, progress, cancellationToken);
            var frozenRows = frozen.Between(split.ValidateUntilMs, long.MaxValue);
            PositionBias.AsServed(frozenRows.Values, catalogue);
            return StateRow.Of(test.Shown, test.Judge(ranker, frozenRows), items ? StateRow.Frozen : StateRow.UsersFrozen);
        }

        var report = Report(outcomes, split, baselines, cancellationToken);
        var auc = report.Rows.Single(row => row.Model == judged.Model).Auc!.Value;
        return report with
        {
            Groups = groups
                ? FeatureGroupStudy.Run(train, valid, testRows, auc, catalogue, options, progress, cancellationToken) : null,
            Importance = ImportanceStudy.Run(ranker, testRows, options.Seed),
            Position = position,
            Reliability = ReliabilityBin.Table(judged.Probabilities, test.Shown.Clicked),
            States = [.. outcomes.Judged.Select(scores => StateRow.Of(test.Shown, scores, StateRow.Live)),
                .. single.Select(recommender => StateRow.Of(test.Shown, test.JudgeFrozen(recommender, cancellationToken), StateRow.Frozen)),
                RankerFrozen(items: false), RankerFrozen(items: true)],
        };
    }

    private EvaluationReport Report(
        TestOutcomes outcomes, TimeSplit split, BaselineSettings baselines, CancellationToken cancellationToken) =>
        EvaluationReport.Of(Protocol, outcomes, options.Seed, cancellationToken) with
        {
            Baselines = baselines,
            Notes = Notes(split),
            Data = EvaluationData.Of(outcomes, split.Train.Events.Length, split.Validation.Events.Length, split.Test.Events.Length),
        };

    private static string[] Notes(TimeSplit split) =>
    [
        string.Create(CultureInfo.InvariantCulture,
            $"cuts: training before {Moment(split.TrainUntilMs)} ({split.Train.Events.Length:#,0} events),"),
        string.Create(CultureInfo.InvariantCulture, $"validation from there to before {Moment(split.ValidateUntilMs)} "
            + $"({split.Validation.Events.Length:#,0}), test from there on ({split.Test.Events.Length:#,0})"),
    ];

    private static string Moment(long timeMs) =>
        DateTimeOffset.FromUnixTimeMilliseconds(timeMs).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private ImpressionScores[] JudgeByLists(
        InteractionLog log, float[] labels, TimeSplit split, ImpressionSet shown, ref BaselineSettings baselines)
    {
        var isClick = TwoStageTraining.Answers(log, options.Label);
        var hours = ListBaselines.ChooseHours(TestImpressions.Between(log, labels, split.TrainUntilMs, split.ValidateUntilMs), isClick);
        baselines = baselines with { ClickHours = hours };
        var train = TestImpressions.Between(log, labels, long.MinValue, split.TrainUntilMs);
        return [ListBaselines.Length(train, shown), ListBaselines.RecentClicks(shown, isClick, hours)];
    }
}
