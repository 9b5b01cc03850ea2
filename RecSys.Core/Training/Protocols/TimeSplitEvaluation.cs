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
        using var view = new TowerView(towers, earlier);
        var extractor = new FeatureExtractor(catalogue);
        var rows = impressions
            ? ImpressionRows.Build(log, cut, TwoStageTraining.Labels(log), view, extractor, int.MaxValue, progress)
            : CandidateRows.Build(log, TwoStageTraining.Choices(log, cut, options.MaxTargets, split.ValidateUntilMs), view, extractor,
                options, progress);
        var (train, valid) = (rows.Between(long.MinValue, split.TrainUntilMs), rows.Between(split.TrainUntilMs, split.ValidateUntilMs));
        var ranker = RankerFitting.Fit(train, valid, options, catalogue, progress, cancellationToken);
        var unweighed = new TwoStageModel(towers, view, ranker, rows);
        var model = impressions && !options.WeighRetrieval
            ? unweighed
            : RetrievalWeight.Weigh(
                log, TwoStageTraining.Choices(log, split.TrainUntilMs, RetrievalWeight.MaxLists, split.ValidateUntilMs), unweighed,
                extractor, options.Candidates, progress);

        var baselines = ChooseBaselines(log, split, progress, cancellationToken);
        IRecommender[] single = [.. BaselineSet.Fit(split.Train, log, baselines, options.Seed, cancellationToken),
            new TowerRecommender(towers, log.Users)];
        var nextItem = new NextItemRanking(log, split.ValidateUntilMs).RequireTargets();
        var results = single.Select(recommender => nextItem.Rank(recommender).ToRow()).ToList();
        results.Add(nextItem.Rank(new TwoStageRanking(log, model, extractor, options.Candidates), progress).ToRow());
        if (!impressions)
            return new EvaluationReport(Protocol, results)
            {
                Baselines = baselines,
                Importance = ImportanceStudy.Run(ranker, test: null, options.Seed),
            };

        var test = new TestImpressions(log, split.ValidateUntilMs);
        for (var i = 0; i < single.Length; i++) results[i] = test.Judge(single[i], results[i]);
        var testRows = rows.Between(split.ValidateUntilMs, long.MaxValue);
        results[^1] = test.Judge(ranker, testRows, results[^1]);
        return new EvaluationReport(Protocol, results)
        {
            Baselines = baselines,
            Groups = groups
                ? FeatureGroupStudy.Run(train, valid, testRows, results[^1].Auc!.Value, catalogue, options, progress, cancellationToken)
                : null,
            Importance = ImportanceStudy.Run(ranker, testRows, options.Seed),
            Reliability = test.Reliability,
        };
    }

    private static BaselineSettings ChooseBaselines(InteractionLog log, TimeSplit split, IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken)
    {
        var known = log.Where(e => e.TimeMs < split.ValidateUntilMs);
        var validation = new NextItemRanking(known, split.TrainUntilMs);
        var some = new FullRankingOptions { MaxChoices = BaselineSet.EnoughChoices };
        return BaselineSet.Choose(split.Train, known, model => validation.Rank(model, some), progress, cancellationToken);
    }
}
