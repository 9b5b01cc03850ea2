namespace RecSys.Core.Features;

/// <summary>Counting in 16 bits.</summary>
internal static class ShortCounts
{
    /// <summary>One more; 65,535 stays.</summary>
    public static void Add(ref ushort count)
    {
        if (count < ushort.MaxValue) count++;
    }

    /// <summary>One more of a pair whose ratio matters: when it is full, both are halved first.</summary>
    public static void Add(ref ushort count, ref ushort other)
    {
        if (count == ushort.MaxValue) (count, other) = ((ushort)(count / 2), (ushort)(other / 2));
        count++;
    }

    /// <summary>The sum, 65,535 at most.</summary>
    public static ushort Sum(ushort a, ushort b) => (ushort)Math.Min(a + b, ushort.MaxValue);

    /// <summary>Sums of a pair whose ratio matters: both are halved until they fit.</summary>
    public static (ushort Count, ushort Other) Sum((int Count, int Other) a, (int Count, int Other) b)
    {
        var (count, other) = (a.Count + b.Count, a.Other + b.Other);
        while (Math.Max(count, other) > ushort.MaxValue) (count, other) = (count / 2, other / 2);
        return ((ushort)count, (ushort)other);
    }

    /// <summary>Adds pairs to pairs.</summary>
    public static void Merge(Span<ushort> counts, Span<ushort> others, ReadOnlySpan<ushort> moreCounts, ReadOnlySpan<ushort> moreOthers)
    {
        for (var i = 0; i < counts.Length; i++) (counts[i], others[i]) = Sum((counts[i], others[i]), (moreCounts[i], moreOthers[i]));
    }
}
