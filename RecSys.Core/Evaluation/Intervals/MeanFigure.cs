using System.Numerics.Tensors;

namespace RecSys.Core.Evaluation.Intervals;

/// <summary>
/// A mean over what users have, one term or several of each, with weights of their own: of hits, of gains, of the AUC inside a user or a
/// list.
/// </summary>
internal sealed class MeanFigure : IFigure
{
    private readonly double[] sums;
    private readonly double[] counts;

    /// <param name="units">How many units there are.</param>
    /// <param name="terms">The unit, its value and its weight; several of one unit add up, NaN is left out.</param>
    public MeanFigure(int units, IEnumerable<(int Unit, double Value, double Weight)> terms)
    {
        (sums, counts) = (new double[units], new double[units]);
        foreach (var (unit, value, weight) in terms)
        {
            if (double.IsNaN(value)) continue;
            sums[unit] += value * weight;
            counts[unit] += weight;
        }
    }

    public double Of(ReadOnlySpan<double> weights)
    {
        var count = TensorPrimitives.Dot(weights, counts);
        return count == 0 ? double.NaN : TensorPrimitives.Dot(weights, sums) / count;
    }
}
