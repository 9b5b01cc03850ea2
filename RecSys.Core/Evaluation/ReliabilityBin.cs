using System.Text.Json.Serialization;

namespace RecSys.Core.Evaluation;

/// <summary>One bin of a reliability table: a calibrated model has the same figure in both.</summary>
/// <param name="Rows">Predictions in the bin.</param>
/// <param name="Predicted">Mean predicted probability.</param>
/// <param name="Observed">Share of positives.</param>
public sealed record ReliabilityBin(
    [property: JsonPropertyName("rows")] int Rows,
    [property: JsonPropertyName("predicted")] double Predicted,
    [property: JsonPropertyName("observed")] double Observed)
{
    /// <summary>Bins that hold equally many rows (to within one) in order of probability; empty bins are left out.</summary>
    /// <param name="probabilities">From 0 to 1.</param>
    /// <param name="labels">True for positives, one per probability.</param>
    /// <param name="bins">At least 1.</param>
    public static IReadOnlyList<ReliabilityBin> Table(ReadOnlySpan<float> probabilities, ReadOnlySpan<bool> labels, int bins = 10)
    {
        PointwiseMetrics.RequireSameLength(probabilities.Length, labels.Length, nameof(labels));
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        var keys = probabilities.ToArray();
        var order = PointwiseMetrics.Ascending(keys.Length);
        Array.Sort(keys, order);
        var table = new List<ReliabilityBin>(bins);
        for (var bin = 0; bin < bins; bin++)
        {
            var (start, end) = ((int)((long)bin * keys.Length / bins), (int)((long)(bin + 1) * keys.Length / bins));
            if (start == end) continue;
            double predicted = 0, positives = 0;
            for (var i = start; i < end; i++)
            {
                predicted += keys[i];
                positives += labels[order[i]] ? 1 : 0;
            }
            table.Add(new ReliabilityBin(end - start, predicted / (end - start), positives / (end - start)));
        }
        return table;
    }
}
