using System.Globalization;

namespace RecSys.Core.Ranking.LightGbm;

/// <summary>Spells the options as LightGBM's parameter string.</summary>
internal static class LightGbmParameters
{
    /// <summary>The metric that early stopping follows; larger is better for both.</summary>
    public static string MetricName(LightGbmOptions options) => options.Objective == "lambdarank" ? "ndcg@10" : "auc";

    public static string For(LightGbmOptions options, IReadOnlyList<int> categoricalFeatures)
    {
        var bagging = options.BaggingFraction < 1 ? 1 : 0;
        var metric = options.Objective == "lambdarank" ? "metric=ndcg eval_at=10" : "metric=auc";
        var threads = options.Threads == 0 ? Environment.ProcessorCount : options.Threads;
        // force_row_wise: the automatic choice times both ways, which is not reproducible.
        var deterministic = options.Deterministic ? " deterministic=true force_row_wise=true" : "";
        var categorical = categoricalFeatures.Count > 0 ? $" categorical_feature={string.Join(',', categoricalFeatures)}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"""
            objective={options.Objective} {metric} verbosity=-1 num_threads={threads} num_leaves={options.NumLeaves} learning_rate={options.LearningRate:R}
             min_data_in_leaf={options.MinDataInLeaf} feature_fraction={options.FeatureFraction:R} bagging_fraction={options.BaggingFraction:R}
             bagging_freq={bagging} lambda_l1={options.LambdaL1:R} lambda_l2={options.LambdaL2:R} max_bin={options.MaxBin}
             use_missing={Lower(options.UseMissing)} zero_as_missing={Lower(options.ZeroAsMissing)} seed={options.Seed}{categorical}{deterministic}
            """).ReplaceLineEndings("");
    }

    private static string Lower(bool value) => value ? "true" : "false";
}
