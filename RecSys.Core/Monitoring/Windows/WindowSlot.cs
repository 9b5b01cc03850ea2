namespace RecSys.Core.Monitoring.Windows;

/// <summary>A closed stretch of time.</summary>
/// <param name="Start">When it began, Unix milliseconds.</param>
/// <param name="End">When it ended, Unix milliseconds.</param>
/// <param name="Content">What was counted in it, in its stored form.</param>
internal sealed record WindowSlot(long Start, long End, byte[] Content)
{
    /// <summary>The same stretches, so many milliseconds earlier.</summary>
    public static void Shift(List<WindowSlot> slots, long back)
    {
        for (var at = 0; at < slots.Count; at++) slots[at] = slots[at] with { Start = slots[at].Start - back, End = slots[at].End - back };
    }
}
