using System.Numerics.Tensors;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// What training learnt of each item's id, in 16 bits per value: whole numbers times a scale per row, which for the values of one row is
/// some ten times as exact as half precision.
/// </summary>
public sealed class IdTable
{
    private const float Most = short.MaxValue;

    private readonly short[] values;
    private readonly float[] scales;

    /// <param name="count">Items.</param>
    /// <param name="dimension">Values per item.</param>
    public IdTable(int count, int dimension)
    {
        (values, scales, Dimension) = (new short[checked(count * dimension)], new float[count], dimension);
    }

    internal IdTable(float[] scales, short[] values, int dimension) => (this.scales, this.values, Dimension) = (scales, values, dimension);

    public int Count => scales.Length;
    public int Dimension { get; }

    /// <summary>One per row; 0 for an item that training did not see used.</summary>
    public ReadOnlyMemory<float> Scales => scales;

    /// <summary>[items × <see cref="Dimension"/>], row-major.</summary>
    public ReadOnlyMemory<short> Values => values;

    /// <param name="row">Number of the row.</param>
    /// <param name="vector">Finite numbers; all zero for an item that training did not see used.</param>
    public void Set(int row, ReadOnlySpan<float> vector)
    {
        var scale = Math.Abs(TensorPrimitives.MaxMagnitude(vector)) / Most;
        scales[row] = scale;
        for (var i = 0; i < vector.Length; i++) values[row * Dimension + i] = scale == 0 ? (short)0 : (short)MathF.Round(vector[i] / scale);
    }

    /// <summary>A table of these rows alone, in this order.</summary>
    public IdTable Select(ReadOnlySpan<int> rows)
    {
        var selected = new IdTable(rows.Length, Dimension);
        for (var row = 0; row < rows.Length; row++)
        {
            selected.scales[row] = scales[rows[row]];
            values.AsSpan(rows[row] * Dimension, Dimension).CopyTo(selected.values.AsSpan(row * Dimension));
        }
        return selected;
    }
}
