using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RecSys.Core.Ranking.Forest;

/// <summary>Replaces values by their rank: the number of thresholds below them.</summary>
internal static unsafe class RankKernel
{
    // LightGBM's kZeroThreshold: what is not farther from zero is zero.
    private const float Zero = 1e-35f;

    /// <summary>
    /// Writes the ranks of <paramref name="rows"/> values into every column of the feature, each rank plus <paramref name="lowest"/>, so
    /// that it fits a signed number; <paramref name="wide"/> takes sixteen values at a time.
    /// </summary>
    public static void Fill<T>(byte* scratch, NumericFeature feature, float* thresholds, float* values, int rows, int lowest, bool wide)
        where T : unmanaged
    {
        var row = 0;
        if (wide && Avx512F.IsSupported && feature.Padded <= 256)
        {
            // Lines are longer than the rows by less than one vector, and what is beyond the rows is never read as a score.
            for (; row < rows; row += 16) Fill512<T>(scratch, feature, thresholds, Vector512.Load(values + row), row, lowest);
            return;
        }
        for (; row < rows; row++)
        {
            var value = values[row];
            var zero = MathF.Abs(value) <= Zero;
            var missing = float.IsNaN(value);
            var rank = zero ? feature.RankOfZero : Rank(thresholds, feature.Padded, value);
            foreach (var column in feature.Columns)
                Write<T>(scratch + column.Line, row, (missing || (zero && column.ZeroIsMissing) ? column.MissingRank : rank) + lowest);
        }
    }

    /// <summary>Fills the columns with the rank of one value for all rows.</summary>
    public static void FillConstant<T>(byte* scratch, NumericFeature feature, float* thresholds, float value, int lineBytes, int lowest)
        where T : unmanaged
    {
        var zero = MathF.Abs(value) <= Zero;
        var rank = zero ? feature.RankOfZero : Rank(thresholds, feature.Padded, value);
        foreach (var column in feature.Columns)
        {
            var shown = (float.IsNaN(value) || (zero && column.ZeroIsMissing) ? column.MissingRank : rank) + lowest;
            if (sizeof(T) == 1) new Span<sbyte>(scratch + column.Line, lineBytes).Fill((sbyte)shown);
            else new Span<short>(scratch + column.Line, lineBytes / 2).Fill((short)shown);
        }
    }

    // Binary search over a power of two of ascending thresholds, without branches.
    private static int Rank(float* thresholds, int padded, float value)
    {
        var rank = 0;
        for (var step = padded >> 1; step > 0; step >>= 1) rank += thresholds[rank + step - 1] < value ? step : 0;
        return rank;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fill512<T>(byte* scratch, NumericFeature feature, float* thresholds, Vector512<float> values, int row, int lowest)
        where T : unmanaged
    {
        var zero = Vector512.LessThanOrEqual(Vector512.Abs(values), Vector512.Create(Zero));
        var missing = ~Vector512.Equals(values, values);
        values = Vector512.ConditionalSelect(zero, Vector512<float>.Zero, values);
        var rank = Vector512<int>.Zero;
        for (var i = 0; i < feature.Padded - 1; i++)
            rank -= Vector512.LessThan(Vector512.Create(thresholds[i]), values).AsInt32();
        foreach (var column in feature.Columns)
        {
            var special = column.ZeroIsMissing ? (missing | zero).AsInt32() : missing.AsInt32();
            var shown = Vector512.ConditionalSelect(special, Vector512.Create(column.MissingRank), rank) + Vector512.Create(lowest);
            if (sizeof(T) == 1) Avx512F.ConvertToVector128SByte(shown).Store((sbyte*)(scratch + column.Line) + row);
            else Avx512F.ConvertToVector256Int16(shown).Store((short*)(scratch + column.Line) + row);
        }
    }

    private static void Write<T>(byte* line, int row, int rank) where T : unmanaged
    {
        if (sizeof(T) == 1) ((sbyte*)line)[row] = (sbyte)rank;
        else ((short*)line)[row] = (short)rank;
    }
}
