using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RecSys.Core.Ranking.Forest;

/// <summary>The inner loops over a block of rows. Every width gives the same leaf numbers.</summary>
internal static unsafe class ForestKernel
{
    /// <summary>Runs the steps from <paramref name="step"/> to <paramref name="end"/> over <paramref name="bytes"/> of every line, a multiple of 64.</summary>
    public static void Run<T>(byte* scratch, Step* step, Step* end, int bytes, bool wide) where T : unmanaged
    {
        if (wide) Run512<T>(scratch, step, end, bytes);
        else Run256<T>(scratch, step, end, bytes);
    }

    private static void Run512<T>(byte* scratch, Step* step, Step* end, int bytes) where T : unmanaged
    {
        if (bytes == 128)
        {
            for (; step < end; step++)
            {
                var threshold = Threshold512<T>(step->Threshold);
                Select512(scratch, step, 0, threshold);
                Select512(scratch, step, 64, threshold);
            }
            return;
        }
        for (; step < end; step++)
        {
            var threshold = Threshold512<T>(step->Threshold);
            for (var at = 0; at < bytes; at += 64) Select512(scratch, step, at, threshold);
        }
    }

    private static void Run256<T>(byte* scratch, Step* step, Step* end, int bytes) where T : unmanaged
    {
        for (; step < end; step++)
        {
            var threshold = Threshold256<T>(step->Threshold);
            for (var at = 0; at < bytes; at += 32) Select256(scratch, step, at, threshold);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Select512<T>(byte* scratch, Step* step, int at, Vector512<T> threshold) where T : unmanaged
    {
        var values = Vector512.Load((T*)(scratch + step->Column + at));
        var left = Vector512.Load((T*)(scratch + step->Left + at));
        var right = Vector512.Load((T*)(scratch + step->Right + at));
        Vector512.ConditionalSelect(Vector512.GreaterThan(values, threshold), right, left).Store((T*)(scratch + step->Target + at));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Select256<T>(byte* scratch, Step* step, int at, Vector256<T> threshold) where T : unmanaged
    {
        var values = Vector256.Load((T*)(scratch + step->Column + at));
        var left = Vector256.Load((T*)(scratch + step->Left + at));
        var right = Vector256.Load((T*)(scratch + step->Right + at));
        Vector256.ConditionalSelect(Vector256.GreaterThan(values, threshold), right, left).Store((T*)(scratch + step->Target + at));
    }

    private static Vector512<T> Threshold512<T>(int threshold) where T : unmanaged =>
        sizeof(T) == 1 ? Vector512.Create((sbyte)threshold).As<sbyte, T>() : Vector512.Create((short)threshold).As<short, T>();

    private static Vector256<T> Threshold256<T>(int threshold) where T : unmanaged =>
        sizeof(T) == 1 ? Vector256.Create((sbyte)threshold).As<sbyte, T>() : Vector256.Create((short)threshold).As<short, T>();
}
