namespace RecSys.Core.Ranking.LightGbm;

/// <summary>Fits gradient boosted trees with LightGBM. Holds no state; trainings may run side by side.</summary>
public static class LightGbmTrainer
{
    /// <summary>
    /// Trains until the validation metric stops improving, and keeps the trees up to its best value; or grows all trees and keeps them.
    /// </summary>
    /// <param name="train">Rows to learn from.</param>
    /// <param name="valid">Rows of a later time, never learnt from.</param>
    /// <param name="featureNames">One per feature, distinct; they are stored in the model in this order.</param>
    /// <param name="categoricalFeatures">Indexes of features whose values are codes: whole numbers from 0; negative means missing.</param>
    /// <param name="options">Objective, size and regularisation.</param>
    /// <param name="progress">Called on the training thread.</param>
    /// <param name="keepAll">
    /// True: <see cref="LightGbmOptions.NumTrees"/> trees are grown and kept, whatever the validation rows say; they are measured on alone.
    /// </param>
    /// <param name="ct">Looked at between trees.</param>
    /// <exception cref="Domain.RecSysException">The data cannot be learnt from, or LightGBM failed; the message says why.</exception>
    /// <exception cref="ArgumentException">Sizes do not match.</exception>
    public static LightGbmTraining Train(
        RankerDataset train,
        RankerDataset valid,
        IReadOnlyList<string> featureNames,
        IReadOnlyList<int> categoricalFeatures,
        LightGbmOptions options,
        IProgress<LightGbmProgress>? progress = null,
        bool keepAll = false,
        CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        RankerDatasetChecks.Names(featureNames, categoricalFeatures, train.Features);
        RankerDatasetChecks.Rows(train, "training", featureNames, options);
        RankerDatasetChecks.Rows(valid, "validation", featureNames, options);

        var parameters = LightGbmParameters.For(options, categoricalFeatures);
        using var trainRows = new NativeDataset(ForObjective(train, options), featureNames, parameters, reference: null);
        using var validRows = new NativeDataset(ForObjective(valid, options), featureNames, parameters, trainRows);
        using var booster = new NativeBooster(trainRows, parameters);
        booster.AddValidation(validRows);

        var metric = LightGbmParameters.MetricName(options);
        var history = new List<LightGbmProgress>();
        LightGbmProgress? best = null;
        for (var iteration = 1; iteration <= options.NumTrees; iteration++)
        {
            ct.ThrowIfCancellationRequested();
            var grew = booster.Update();
            // A model without any split still holds one constant tree, which is worth keeping.
            if (!grew && best is not null) break;

            var point = new LightGbmProgress(iteration, options.NumTrees, metric, booster.Evaluate());
            history.Add(point);
            if (best is null || keepAll || point.Value > best.Value) best = point;
            if (iteration % options.ProgressEvery == 0) progress?.Report(point);
            if (!grew || (options.EarlyStoppingRounds > 0 && iteration - best.Iteration >= options.EarlyStoppingRounds)) break;
        }

        var last = history[^1];
        if (last.Iteration % options.ProgressEvery != 0) progress?.Report(last);
        var trees = best!.Iteration;
        var gains = booster.GainImportances(trees);
        return new LightGbmTraining(
            booster.SaveToString(trees), trees, best.Value, history,
            featureNames.Select((name, at) => KeyValuePair.Create(name, gains[at])).ToDictionary(StringComparer.Ordinal));
    }

    // LightGBM takes lists and positions only for ranking objectives.
    private static RankerDataset ForObjective(RankerDataset rows, LightGbmOptions options) =>
        options.Objective == "lambdarank" ? rows : rows with { GroupSizes = null, Positions = null };
}
