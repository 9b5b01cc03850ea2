namespace RecSys.Core.Monitoring.Windows;

/// <summary>A closed stretch of time.</summary>
/// <param name="Start">When it began, Unix milliseconds.</param>
/// <param name="End">When it ended, Unix milliseconds.</param>
/// <param name="Content">What was counted in it, in its stored form.</param>
internal sealed record WindowSlot(long Start, long End, byte[] Content);
