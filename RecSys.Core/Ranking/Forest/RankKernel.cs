using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RecSys.Core.Ranking.Forest;

/// <summary>Replaces values by their rank: the number of thresholds below them.</summary>
internal static unsafe class RankKernel
{
    /// <summary>LightGBM's kZeroThreshold: what is not farther from zero is zero.</summary>
    public const float Zero = 1e-35f;

    /// <summary>
    /// Writes the ranks of <paramref name="rows"/> values into every column of the feature, each rank plus <paramref name="lowest"/>, so
    /// that it fits a signed number; <paramref name="wide"/> takes sixteen values at a time.
    /// </summary>
    public static void Fill<T>(byte* scratch, NumericFeature feature, float* thresholds, float* values, int rows, int lowest, bool wide)
        where T : unmanaged
    {
        // Buffer and lines hold a whole block, and what lies beyond the rows is never read as a score.
        if (wide && Avx512F.IsSupported && feature.Padded <= 256)
        {
            for (var row = 0; row < rows; row += 16) Fill512<T>(scratch, feature, thresholds, Vector512.Load(values + row), row, lowest);
            return;
        }
        var ranks = stackalloc int[8];
        for (var row = 0; row < rows; row += 8)
        {
            if (Avx2.IsSupported) Rank256(thresholds, feature.Padded, Vector256.Load(values + row)).Store(ranks);
            else for (var i = 0; i < 8; i++) ranks[i] = Rank(thresholds, feature.Padded, values[row + i]);
            for (var i = 0; i < 8; i++)
            {
                var value = values[row + i];
                var zero = MathF.Abs(value) <= Zero;
                var missing = float.IsNaN(value);
                foreach (var column in feature.Columns)
                    Write<T>(scratch + column.Line, row + i,
                        (missing || (zero && column.ZeroIsMissing) ? column.MissingRank : zero ? feature.RankOfZero : ranks[i]) + lowest);
            }
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

    // The thresholds form a search tree in level order: level by level, the next place is twice as far plus one if the pivot is below.
    private static int Rank(float* thresholds, int padded, float value)
    {
        var at = 0;
        while (at < padded - 1) at = (2 * at) + 1 + (thresholds[at] < value ? 1 : 0);
        return at - (padded - 1);
    }

    private static Vector256<int> Rank256(float* thresholds, int padded, Vector256<float> values)
    {
        var at = Vector256<int>.Zero;
        for (var size = 1; size < padded; size *= 2)
            at = at + at + Vector256<int>.One - Vector256.LessThan(Avx2.GatherVector256(thresholds, at, sizeof(float)), values).AsInt32();
        return at - Vector256.Create(padded - 1);
    }

    // The same for sixteen values: a level's pivots are looked up in registers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Rank512(float* thresholds, int padded, Vector512<float> values)
    {
        var at = -Vector512.LessThan(Vector512.Create(thresholds[0]), values).AsInt32();
        for (var size = 2; size < padded; size *= 2)
        {
            var level = thresholds + size - 1;
            var pivots = size switch
            {
                <= 16 => Avx512F.PermuteVar16x32(Vector512.Load(level), at),
                32 => Pick32(level, at),
                64 => Pick64(level, at),
                _ => Vector512.ConditionalSelect(Bit(at, 64), Pick64(level + 64, at), Pick64(level, at)),
            };
            at = at + at - Vector512.LessThan(pivots, values).AsInt32();
        }
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Pick32(float* level, Vector512<int> at) =>
        Avx512F.PermuteVar16x32x2(Vector512.Load(level), at, Vector512.Load(level + 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Pick64(float* level, Vector512<int> at) =>
        Vector512.ConditionalSelect(Bit(at, 32), Pick32(level + 32, at), Pick32(level, at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Bit(Vector512<int> at, int bit) =>
        Vector512.GreaterThan(at & Vector512.Create(bit), Vector512<int>.Zero).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fill512<T>(byte* scratch, NumericFeature feature, float* thresholds, Vector512<float> values, int row, int lowest)
        where T : unmanaged
    {
        var zero = Vector512.LessThanOrEqual(Vector512.Abs(values), Vector512.Create(Zero));
        var missing = ~Vector512.Equals(values, values);
        values = Vector512.ConditionalSelect(zero, Vector512<float>.Zero, values);
        var rank = Rank512(thresholds, feature.Padded, values);
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
