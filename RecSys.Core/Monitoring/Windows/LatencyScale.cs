using System.Numerics;

namespace RecSys.Core.Monitoring.Windows;

/// <summary>
/// Buckets for durations in nanoseconds: exact below 64 ns, then 64 buckets of equal width in each doubling, up to 2^37 ns (137 s), which
/// longer ones share. A bucket is told by its middle, so a value differs from its bucket's by at most 1/128 = 0.8 %.
/// </summary>
/// <remarks>
/// The layout of HdrHistogram (Tene, http://hdrhistogram.org) with six bits of precision. An own form because a bucket's number then is a
/// shift and an addition, and counts of one number of buckets can be written, added and subtracted without any object per window.
/// </remarks>
internal static class LatencyScale
{
    private const int Bits = 6;
    private const int Doublings = 31;

    /// <summary>Number of buckets.</summary>
    public const int Buckets = (Doublings + 1) << Bits;

    /// <summary>The first duration that no bucket tells apart from longer ones, nanoseconds.</summary>
    public const long Limit = 1L << (Bits + Doublings);

    /// <summary>The bucket of a duration; negative ones count as none.</summary>
    public static int BucketOf(long nanoseconds)
    {
        if (nanoseconds < 1 << Bits) return (int)Math.Max(0, nanoseconds);
        if (nanoseconds >= Limit) return Buckets - 1;
        var shift = BitOperations.Log2((ulong)nanoseconds) - Bits;
        // The leading bit of what is left after the shift counts the bucket group up by one more.
        return (shift << Bits) + (int)(nanoseconds >> shift);
    }

    /// <summary>The middle of a bucket, nanoseconds.</summary>
    public static double ValueOf(int bucket)
    {
        if (bucket < 1 << Bits) return bucket;
        var shift = (bucket >> Bits) - 1;
        var low = (long)((bucket & ((1 << Bits) - 1)) + (1 << Bits)) << shift;
        return low + ((1L << shift) - 1) / 2.0;
    }
}
