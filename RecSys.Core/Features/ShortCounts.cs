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
}
