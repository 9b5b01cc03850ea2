using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Models;
using RecSys.Core.Ranking;
using RecSys.Core.Training.Rankers;
using RecSys.Core.Training.Rows;

namespace RecSys.Core.Training.Importance;

/// <summary>
/// The features a ranker leans on most: by the gain of its splits, and by what shuffling them costs on rows it has not learnt from.
/// </summary>
internal static class ImportanceStudy
{
    /// <summary>Rows that the importances in a bundle are measured on: some seconds of one core.</summary>
    private const int BundleRows = 20_000;

    /// <summary>For the bundle: every feature, on a sample of the ranker's validation rows.</summary>
    /// <param name="ranker">A fitted ranker.</param>
    /// <param name="rows">All its rows, of which the later ones validated it.</param>
    /// <param name="validationShare">Their share.</param>
    /// <param name="seed">Of sample and shuffling.</param>
    /// <param name="progress">Told how many features are done.</param>
    /// <param name="cancellationToken">Stops between features.</param>
    public static RankerImportance OfBundle(
        RankerModel ranker, RankerRows rows, double validationShare, int seed, IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken)
    {
        var sample = rows.SampleLater(validationShare, BundleRows, seed);
        var permutation = new PermutationImportance(ranker.Forest, sample, ranker.Options.Objective != "binary");
        var columns = ColumnsOf(ranker);
        var features = new List<RankerFeature>();
        foreach (var (feature, gain, share) in Gains(ranker))
        {
            cancellationToken.ThrowIfCancellationRequested();
            // A feature without splits cannot change a score.
            var loss = double.IsNaN(permutation.Value) ? (double?)null : gain > 0 ? permutation.Loss(columns[feature], seed) : 0;
            features.Add(new RankerFeature(feature, gain, share, loss));
            progress?.Report(new WorkProgress("shuffle features", features.Count, columns.Count, "features"));
        }
        return new RankerImportance(permutation.Metric, sample.Rows, double.IsNaN(permutation.Value) ? null : permutation.Value, features);
    }

    /// <summary>The features with the largest gain, largest first.</summary>
    /// <param name="ranker">A fitted ranker.</param>
    /// <param name="test">Rows it has not seen; null leaves the shuffling out.</param>
    /// <param name="seed">Of the shuffling.</param>
    /// <param name="top">How many features.</param>
    public static IReadOnlyList<FeatureImportance> Run(RankerModel ranker, RankerDataset? test, int seed, int top = 20)
    {
        var columns = ColumnsOf(ranker);
        var permutation = test is null ? null : new PermutationImportance(ranker.Forest, test, lists: false);
        return [.. Gains(ranker).Take(top)
            .Select(gain => new FeatureImportance(gain.Feature, gain.Share, permutation?.Loss(columns[gain.Feature], seed)))];
    }

    private static IEnumerable<(string Feature, double Gain, double Share)> Gains(RankerModel ranker)
    {
        var gains = ranker.Training.GainImportances;
        var total = gains.Values.Sum();
        return gains.OrderByDescending(gain => gain.Value).Select(gain => (gain.Key, gain.Value, total > 0 ? gain.Value / total : 0));
    }

    private static Dictionary<string, int> ColumnsOf(RankerModel ranker) =>
        ranker.Forest.FeatureNames.Select((name, column) => (name, column))
            .ToDictionary(entry => entry.name, entry => entry.column, StringComparer.Ordinal);
}
