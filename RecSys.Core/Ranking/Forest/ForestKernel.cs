using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RecSys.Core.Ranking.Forest;

/// <summary>The inner loops over a block of rows. Every width gives the same leaf numbers.</summary>
internal static unsafe class ForestKernel
{
    /// <summary>
    /// Runs the steps from <paramref name="step"/> to <paramref name="end"/> over <paramref name="bytes"/> of every line, a multiple of 64.
    /// </summary>
    public static void Run<T>(byte* scratch, Step* step, Step* end, int bytes, bool wide) where T : unmanaged
    {
        if (wide) Run512<T>(scratch, step, end, bytes);
        else Run256<T>(scratch, step, end, bytes);
    }

    private static void Run512<T>(byte* scratch, Step* step, Step* end, int bytes) where T : unmanaged
    {
        // The usual block, unrolled: narrow and full.
        if (bytes == ForestProgram.BlockRows)
        {
            for (; step < end; step++)
            {
                var threshold = Threshold512<T>(step->Threshold);
                byte* column = scratch + step->Column, left = scratch + step->Left, right = scratch + step->Right, target = scratch
                    + step->Target;
                Select512(column, left, right, target, 0, threshold);
                Select512(column, left, right, target, 64, threshold);
                Select512(column, left, right, target, 128, threshold);
                Select512(column, left, right, target, 192, threshold);
            }
            return;
        }
        for (; step < end; step++)
        {
            var threshold = Threshold512<T>(step->Threshold);
            byte* column = scratch + step->Column, left = scratch + step->Left, right = scratch + step->Right, target = scratch
                + step->Target;
            for (var at = 0; at < bytes; at += 64) Select512(column, left, right, target, at, threshold);
        }
    }

    private static void Run256<T>(byte* scratch, Step* step, Step* end, int bytes) where T : unmanaged
    {
        for (; step < end; step++)
        {
            var threshold = Threshold256<T>(step->Threshold);
            byte* column = scratch + step->Column, left = scratch + step->Left, right = scratch + step->Right, target = scratch
                + step->Target;
            for (var at = 0; at < bytes; at += 32) Select256(column, left, right, target, at, threshold);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Select512<T>(byte* column, byte* left, byte* right, byte* target, int at, Vector512<T> threshold) where T
        : unmanaged =>
        Vector512.ConditionalSelect(
            Vector512.GreaterThan(Vector512.Load((T*)(column + at)), threshold),
            Vector512.Load((T*)(right + at)),
            Vector512.Load((T*)(left + at))).Store((T*)(target + at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Select256<T>(byte* column, byte* left, byte* right, byte* target, int at, Vector256<T> threshold) where T
        : unmanaged =>
        Vector256.ConditionalSelect(
            Vector256.GreaterThan(Vector256.Load((T*)(column + at)), threshold),
            Vector256.Load((T*)(right + at)),
            Vector256.Load((T*)(left + at))).Store((T*)(target + at));

    private static Vector512<T> Threshold512<T>(int threshold) where T : unmanaged =>
        sizeof(T) == 1 ? Vector512.Create((sbyte)threshold).As<sbyte, T>() : Vector512.Create((short)threshold).As<short, T>();

    private static Vector256<T> Threshold256<T>(int threshold) where T : unmanaged =>
        sizeof(T) == 1 ? Vector256.Create((sbyte)threshold).As<sbyte, T>() : Vector256.Create((short)threshold).As<short, T>();
}
