namespace RecSys.Core.Monitoring.Windows;

/// <summary>A closed stretch of time.</summary>
/// <param name="Start">When it began, Unix milliseconds.</param>
/// <param name="End">When it ended, Unix milliseconds.</param>
/// <param name="Content">Stored <see cref="RequestLatencies"/>.</param>
internal sealed record WindowSlot(long Start, long End, byte[] Content);
