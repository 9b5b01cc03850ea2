using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.Baselines;
using RecSys.Core.Features;
using RecSys.Core.Training.Towers;

namespace RecSys.Core.Training.Protocols;

/// <summary>
/// Protocol <c>global-time</c>: the last tenth of the events is the test part; of each user one new item in it, that is not the user's very
/// first, has to be told from all that the user did before, ranked among the whole catalogue without seen items: the first such item, or
/// the last. Everything is learnt from what comes before. The <c>retrieval</c> row has towers fitted on all of that; <c>two-stage</c> is
/// what <c>train</c> would have published at the cut, whose towers leave the latest part to the ranker.
/// </summary>
public sealed class GlobalTimeEvaluation(FeatureCatalogue catalogue, TrainingOptions options)
{
    /// <summary>Name of the protocol.</summary>
    public const string Protocol = "global-time";

    private const double TrainShare = 0.9;

    /// <param name="log">The whole log.</param>
    /// <param name="last">The last new item of each user instead of the first.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <exception cref="RecSysException">The log is too small.</exception>
    public EvaluationReport Run(InteractionLog log, bool last, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        log = log.InTimeOrder();
        var cut = TwoStageTraining.PositivesCut(log, TrainShare);
        var known = log.Where(e => e.TimeMs < cut);
        if (!known.Events.ToArray().Any(e => e.IsPositive))
            throw new RecSysException($"Nine tenths of the positive events happened at one moment "
                + $"({DateTimeOffset.FromUnixTimeMilliseconds(cut):u}), so that there is nothing before it to learn from. {Protocol} needs "
                    + $"the times of events; without them use --protocol {LeaveOneOutEvaluation.Protocol}.");
        var nextItem = new NextItemRanking(log, cut, last).RequireTargets();
        var towers = TowerFitting.Fit(known, options, progress, cancellationToken);
        var baselines = ChooseBaselines(known, last, progress, cancellationToken);
        IRecommender[] single = [.. BaselineSet.Fit(known, log, baselines, options.Seed, cancellationToken),
            new TowerRecommender(towers, log.Users)];
        var rows = single.Select(recommender => nextItem.Rank(recommender).ToRow()).ToList();
        using var model = TwoStageTraining.Fit(known, options, catalogue, progress, cancellationToken);
        var ranking = new TwoStageRanking(log, model, new FeatureExtractor(catalogue), options.Candidates);
        rows.Add(nextItem.Rank(ranking, progress).ToRow());
        return new EvaluationReport(Protocol, rows) { Baselines = baselines };
    }

    // By the same question about the last tenth of what is known.
    private static BaselineSettings ChooseBaselines(InteractionLog known, bool last, IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken)
    {
        var cut = TwoStageTraining.PositivesCut(known, TrainShare);
        var validation = new NextItemRanking(known, cut, last);
        var some = new FullRankingOptions { MaxChoices = BaselineSet.EnoughChoices };
        return BaselineSet.Choose(known.Where(e => e.TimeMs < cut), known, model => validation.Rank(model, some), progress, cancellationToken);
    }
}
