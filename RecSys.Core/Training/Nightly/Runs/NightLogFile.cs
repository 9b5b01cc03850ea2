using System.Globalization;
using RecSys.Core.Domain;

namespace RecSys.Core.Training.Nightly.Runs;

/// <summary>
/// Keeps what a run tells, <c>run.log</c>: its lines, every phase when it ends, and the figures of epochs and trees on the way. Passes
/// progress on. Thread-safe.
/// </summary>
internal sealed class NightLogFile : IProgress<WorkProgress>, IDisposable
{
    private readonly Lock gate = new();
    private readonly StreamWriter file;
    private readonly TimeProvider time;
    private readonly IProgress<WorkProgress>? display;
    private string last = "";

    /// <param name="path">Grows where it is there.</param>
    /// <param name="time">Dates the lines.</param>
    /// <param name="display">Told of progress, too.</param>
    public NightLogFile(string path, TimeProvider time, IProgress<WorkProgress>? display)
    {
        (this.time, this.display) = (time, display);
        file = new StreamWriter(path, append: true) { AutoFlush = true, NewLine = "\n" };
    }

    public void Line(string text)
    {
        lock (gate)
        {
            foreach (var line in text.TrimEnd('\n').Split('\n'))
                file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-dd HH:mm:ss}  {line}"));
        }
    }

    public void Report(WorkProgress value)
    {
        display?.Report(value);
        var ended = value.Total is { } total && value.Done >= total;
        if (!ended && string.IsNullOrEmpty(value.Note)) return;
        var line = string.Create(CultureInfo.InvariantCulture, $"  {value.Phase}: {value.Done:#,0} {value.Unit}  {value.Note}").TrimEnd();
        lock (gate)
        {
            // Some phases say several times that they are complete.
            if (line == last) return;
            last = line;
        }
        Line(line);
    }

    public void Dispose() => file.Dispose();
}
