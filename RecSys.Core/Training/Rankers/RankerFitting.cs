using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Features;
using RecSys.Core.Ranking;
using RecSys.Core.Ranking.Calibration;
using RecSys.Core.Ranking.Forest;
using RecSys.Core.Ranking.LightGbm;
using RecSys.Core.Training.Rows;

namespace RecSys.Core.Training.Rankers;

/// <summary>Boosts a forest on the earlier rows, stops it on the later ones and calibrates it there.</summary>
internal static class RankerFitting
{
    /// <summary>
    /// With fewer validation rows the many steps of an isotonic curve follow their noise; two numbers are then the safer choice.
    /// </summary>
    private const int EnoughForSteps = 50_000;

    /// <summary>Uses the latest share of the rows for validation.</summary>
    /// <exception cref="RecSysException">There are too few rows, or only one class.</exception>
    public static RankerModel Fit(
        RankerRows rows, TrainingOptions options, FeatureCatalogue catalogue, IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken)
    {
        var (train, valid) = rows.Split(options.ValidationShare);
        return Fit(train, valid, options, catalogue, progress, cancellationToken);
    }

    /// <summary>Uses the rows given, and looks for better settings first where the options give time for it.</summary>
    /// <exception cref="RecSysException">There are too few rows, or only one class.</exception>
    public static RankerModel Fit(
        RankerDataset train, RankerDataset valid, TrainingOptions options, FeatureCatalogue catalogue, IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken)
    {
        var settings = SettingsFor(train, options);
        return options.TuneBudget is { } budget
            ? new RankerTuning(TimeProvider.System).Run(train, valid, settings, budget, catalogue, progress, cancellationToken)
            : Fit(train, valid, settings, catalogue, progress, cancellationToken);
    }

    /// <summary>The settings that the options have for such rows.</summary>
    public static LightGbmOptions SettingsFor(RankerDataset train, TrainingOptions options) =>
        // Only sampled candidates carry weights, see CandidateRows.
        (train.Weights is null ? options.Ranker : options.ChoiceRanker) with { Seed = options.Seed };

    /// <summary>Fits once, with exactly these settings.</summary>
    /// <param name="train">What is learnt from.</param>
    /// <param name="valid">What stops the training and calibrates.</param>
    /// <param name="settings">Of the forest.</param>
    /// <param name="catalogue">Names of the columns.</param>
    /// <param name="progress">Told of the trees.</param>
    /// <param name="cancellationToken">Stops between trees.</param>
    /// <param name="keepAll">True: the validation rows calibrate alone, and as many trees are grown as the settings say.</param>
    /// <exception cref="RecSysException">There are too few rows, or only one class.</exception>
    public static RankerModel Fit(
        RankerDataset train, RankerDataset valid, LightGbmOptions settings, FeatureCatalogue catalogue, IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken, bool keepAll = false)
    {
        RequireBothClasses(train, isValidation: false);
        RequireBothClasses(valid, isValidation: true);
        var boosting = LightGbmTrainer.Train(
            train, valid, catalogue.Names, catalogue.CategoricalIndexes, settings, ToWork(progress), keepAll, cancellationToken);
        var forest = Forest.Parse(boosting.ModelText);
        var raw = new double[valid.Rows];
        forest.Score(valid.Values, valid.Rows, raw);
        var calibrator = Calibrator(raw, valid.Labels, valid.Weights);
        return new RankerModel(settings, boosting, forest, calibrator, Validate(raw, valid, calibrator));
    }

    /// <summary>Fits the kind of calibrator that so many rows allow, on rows that the forest did not learn from.</summary>
    /// <param name="raw">Raw scores.</param>
    /// <param name="labels">0 or 1, as many.</param>
    /// <param name="weights">As many; null weighs every row 1.</param>
    /// <exception cref="RecSysException">One class only, or unusable values.</exception>
    public static ICalibrator Calibrator(double[] raw, float[] labels, float[]? weights) => raw.Length < EnoughForSteps
        ? PlattCalibrator.Fit(raw, labels, weights) : IsotonicCalibrator.Fit(raw, labels, weights);

    /// <summary>Fewest rows of each class to train and to validate with.</summary>
    public const int FewestOfAClass = 20;

    private static void RequireBothClasses(RankerDataset rows, bool isValidation)
    {
        var positives = rows.Labels.Count(label => label > 0);
        if (positives >= FewestOfAClass && rows.Rows - positives >= FewestOfAClass) return;
        throw new RecSysException(
            $"The ranker has {rows.Rows} rows with {positives} chosen ones to {(isValidation ? "validate with" : "train on")}; at least "
                + $"{FewestOfAClass} of each kind are needed. "
            + Advice(rows, isValidation));
    }

    // Only sampled candidates carry weights: there the choices of some users are the rows, elsewhere all impressions are.
    private static string Advice(RankerDataset rows, bool isValidation) => rows.Weights is not null
        ? "Raise Training:RankerUserShare, so that the choices of more users are kept for the ranker, or import more events."
        : isValidation ? "Raise Training:ValidationShare, or import more events."
        : "Import more events: impressions and what came of them.";

    private static Dictionary<string, double> Validate(double[] raw, RankerDataset valid, ICalibrator calibrator)
    {
        var probabilities = Array.ConvertAll(raw, score => (float)calibrator.Calibrate(score));
        var labels = Array.ConvertAll(valid.Labels, label => label > 0);
        return new Dictionary<string, double>
        {
            ["ranker.valid_auc"] = PointwiseMetrics.Auc(Array.ConvertAll(raw, score => (float)score), labels, valid.Weights),
            ["ranker.valid_log_loss"] = PointwiseMetrics.LogLoss(probabilities, labels, valid.Weights),
            ["ranker.valid_rows"] = valid.Rows,
        };
    }

    private static Progress? ToWork(IProgress<WorkProgress>? progress) => progress is null ? null : new Progress(progress);

    // Not System.Progress, which would report from another thread and out of order.
    private sealed class Progress(IProgress<WorkProgress> target) : IProgress<LightGbmProgress>
    {
        public void Report(LightGbmProgress value) =>
            target.Report(new WorkProgress("train ranker", value.Iteration, value.MaxIterations, "trees", value.ToString()));
    }
}
