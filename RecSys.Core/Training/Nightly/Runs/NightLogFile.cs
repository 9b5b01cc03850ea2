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
    private readonly string path;
    private readonly TimeProvider time;
    private readonly IProgress<WorkProgress>? display;
    private StreamWriter file;
    private string last = "";

    /// <param name="path">Grows where it is there.</param>
    /// <param name="time">Dates the lines.</param>
    /// <param name="display">Told of progress, too.</param>
    public NightLogFile(string path, TimeProvider time, IProgress<WorkProgress>? display)
    {
        (this.path, this.time, this.display) = (path, time, display);
        file = Open();
    }

    /// <summary>Lets go of the file while its folder is moved away, and begins one anew in the place of it.</summary>
    public void BeginAnew(Action move)
    {
        lock (gate)
        {
            file.Dispose();
            try
            {
                move();
            }
            finally
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                file = Open();
            }
        }
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

    private StreamWriter Open() => new(path, append: true) { AutoFlush = true, NewLine = "\n" };
}
