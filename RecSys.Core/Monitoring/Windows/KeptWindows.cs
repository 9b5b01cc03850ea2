using Microsoft.Extensions.Logging;
using RecSys.Core.Domain;

namespace RecSys.Core.Monitoring.Windows;

/// <summary>
/// Keeps stretches of time over a restart. A file that cannot be used is left aside, one that cannot be written is tried again with the
/// next write; the log says both.
/// </summary>
/// <param name="file">Where they are kept.</param>
/// <param name="what">What they tell of, for the log.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of what went wrong.</param>
internal sealed class KeptWindows(WindowFile file, string what, TimeProvider time, ILogger logger)
{
    /// <summary>Time between two writes.</summary>
    public static readonly TimeSpan SaveInterval = TimeSpan.FromMinutes(1);

    private readonly RepeatedReports reports = new(time, TimeSpan.FromMinutes(10));
    private long saved = time.GetTimestamp();

    /// <summary>True once a minute: then it is time to write, and the next minute begins.</summary>
    public bool IsDue()
    {
        if (time.GetElapsedTime(saved) < SaveInterval) return false;
        saved = time.GetTimestamp();
        return true;
    }

    /// <summary>Hands over what an earlier process left; nothing when there is none, or none that can be used.</summary>
    public void Read(Action<IReadOnlyList<WindowSlot>> restore)
    {
        try
        {
            restore(file.Read());
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            logger.WindowsNotRead(what, file.Path, fault.Message);
        }
    }

    /// <summary>Writes the stretches in place of what was there.</summary>
    public void Write(IReadOnlyList<WindowSlot> slots)
    {
        try
        {
            // Who never served leaves nothing behind.
            if (slots.Count > 0 || File.Exists(file.Path)) file.Write(slots);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            if (reports.IsDue(fault, out var times)) logger.WindowsNotWritten(what, file.Path, times, fault.Message);
        }
    }
}
