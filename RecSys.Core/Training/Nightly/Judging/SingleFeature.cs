using RecSys.Core.Evaluation;

namespace RecSys.Core.Training.Nightly.Judging;

/// <summary>How much each feature tells of the label alone: one that tells nearly all of it knows it.</summary>
internal static class SingleFeature
{
    /// <param name="names">Columns.</param>
    /// <param name="values">Row-major.</param>
    /// <param name="labels">One per row.</param>
    /// <returns>The feature with the highest area under the curve, taken the way round that is above one half; null with one class.</returns>
    public static (string Feature, double Auc)? Best(IReadOnlyList<string> names, float[] values, bool[] labels)
    {
        (string Feature, double Auc)? best = null;
        var column = new float[labels.Length];
        for (var feature = 0; feature < names.Count; feature++)
        {
            for (var row = 0; row < column.Length; row++)
            {
                // What is missing may tell something, too.
                var value = values[row * names.Count + feature];
                column[row] = float.IsNaN(value) ? float.NegativeInfinity : value;
            }
            var auc = PointwiseMetrics.Auc(column, labels);
            if (double.IsNaN(auc)) return null;
            auc = Math.Max(auc, 1 - auc);
            if (best is not var (_, highest) || auc > highest) best = (names[feature], auc);
        }
        return best;
    }
}
