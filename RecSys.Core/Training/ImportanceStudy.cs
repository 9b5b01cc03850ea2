using RecSys.Core.Evaluation;
using RecSys.Core.Ranking;

namespace RecSys.Core.Training;

/// <summary>The features a ranker leans on most: by the gain of its splits, and by what shuffling them costs on rows it has not seen (Breiman, 2001).</summary>
internal static class ImportanceStudy
{
    /// <summary>The features with the largest gain, largest first.</summary>
    /// <param name="ranker">A fitted ranker.</param>
    /// <param name="test">Rows it has not seen; null leaves the shuffling out.</param>
    /// <param name="seed">Of the shuffling.</param>
    /// <param name="top">How many features.</param>
    public static IReadOnlyList<FeatureImportance> Run(RankerModel ranker, RankerDataset? test, int seed, int top = 20)
    {
        var gains = ranker.Training.GainImportances;
        var total = gains.Values.Sum();
        var columns = ranker.Forest.FeatureNames.Select((name, column) => (name, column)).ToDictionary(entry => entry.name, entry => entry.column, StringComparer.Ordinal);
        var labels = test is null ? [] : Array.ConvertAll(test.Labels, label => label > 0);
        var auc = test is null ? double.NaN : Auc(ranker, test, labels);
        return [.. gains.OrderByDescending(gain => gain.Value).Take(top).Select(gain => new FeatureImportance(
            gain.Key, total > 0 ? gain.Value / total : 0, test is null ? null : auc - Shuffled(columns[gain.Key])))];

        // Shuffles the column in place and puts it back.
        double Shuffled(int column)
        {
            var before = new float[test!.Rows];
            for (var row = 0; row < before.Length; row++) before[row] = test.Values[row * test.Features + column];
            var values = (float[])before.Clone();
            new Random(seed).Shuffle(values);
            for (var row = 0; row < values.Length; row++) test.Values[row * test.Features + column] = values[row];
            var shuffled = Auc(ranker, test, labels);
            for (var row = 0; row < before.Length; row++) test.Values[row * test.Features + column] = before[row];
            return shuffled;
        }
    }

    private static double Auc(RankerModel ranker, RankerDataset rows, bool[] labels)
    {
        var raw = new double[rows.Rows];
        ranker.Forest.Score(rows.Values, rows.Rows, raw);
        return PointwiseMetrics.Auc(Array.ConvertAll(raw, score => (float)score), labels);
    }
}
