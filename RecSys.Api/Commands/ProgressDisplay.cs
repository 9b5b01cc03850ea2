using System.Globalization;
using RecSys.Core.Domain;

namespace RecSys.Api.Commands;

/// <summary>
/// Shows the progress of a command on standard error: on a terminal a bar that is redrawn in place, elsewhere a line every
/// few seconds; either way one line when a phase ends. Results belong on standard output. Thread-safe; phases may overlap.
/// </summary>
internal sealed class ProgressDisplay : IProgress<WorkProgress>, IDisposable
{
    private const int BarWidth = 24;
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PlainLine = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly TextWriter output;
    private readonly TimeProvider time;
    private readonly Func<int>? terminalWidth;
    private readonly List<Phase> open = [];
    private string? lastEnded;
    private int drawn;

    public ProgressDisplay()
        : this(Console.Error, IsTerminal() ? static () => Console.WindowWidth : null, TimeProvider.System)
    {
    }

    /// <param name="output">Where the lines go.</param>
    /// <param name="terminalWidth">Columns of the terminal; null when <paramref name="output"/> is not one.</param>
    /// <param name="time">Measures rates and the time between lines.</param>
    internal ProgressDisplay(TextWriter output, Func<int>? terminalWidth, TimeProvider time)
    {
        this.output = output;
        this.terminalWidth = terminalWidth;
        this.time = time;
    }

    public void Report(WorkProgress value)
    {
        lock (gate)
        {
            var phase = open.Find(candidate => candidate.Latest.Phase == value.Phase);
            if (phase is null)
            {
                // Saying twice that a phase is complete is no second phase.
                if (value.Phase == lastEnded && value.Done >= value.Total) return;
                // A phase of unknown length tells nobody that it is over; the next one does.
                foreach (var ended in open.Where(candidate => candidate.Latest.Total is null).ToList()) End(ended);
                // What was done before the first report (resumed work) must not count towards the rate.
                phase = new Phase(time.GetTimestamp(), value.Done) { Shown = time.GetTimestamp() };
                open.Add(phase);
            }
            phase.Latest = value;
            if (value.Total is { } total && value.Done >= total) End(phase);
            else if (time.GetElapsedTime(phase.Shown) >= (terminalWidth is null ? PlainLine : Redraw)) Show(phase);
        }
    }

    /// <summary>Ends the phases that are still open, with how far they came.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            while (open.Count > 0) End(open[0]);
        }
    }

    private void Show(Phase phase)
    {
        phase.Shown = time.GetTimestamp();
        var (name, done, total, unit, note) = phase.Latest;
        var scale = Scale.Of(unit, total ?? done);
        var rate = Rate(phase);
        var line = total is > 0
            ? $"{name} {(terminalWidth is null ? "" : Bar(done, total.Value) + " ")}{100.0 * done / total.Value:0} %  "
                + $"{scale.Amount(done)} of {scale.Amount(total.Value)} {scale.Name}"
            : $"{name}  {scale.Amount(done)} {scale.Name}";
        if (rate > 0) line += $"  {scale.PerSecond(rate)}";
        if (rate > 0 && total is { } all) line += $"  {Duration(TimeSpan.FromSeconds((all - done) / rate))} left";
        if (!string.IsNullOrEmpty(note)) line += $"  {note}";
        if (terminalWidth is null) output.WriteLine(line);
        else Draw(line);
    }

    private void End(Phase phase)
    {
        open.Remove(phase);
        lastEnded = phase.Latest.Phase;
        var (name, done, total, unit, note) = phase.Latest;
        var elapsed = time.GetElapsedTime(phase.Started);
        var scale = Scale.Of(unit, total ?? done);
        var amount = total is { } all && done < all ? $"stopped at {scale.Amount(done)} of {scale.Amount(all)}" : scale.Amount(done);
        var line = $"{name}: {amount} {scale.Name} in {Duration(elapsed)}";
        if (Rate(phase) is > 0 and var rate) line += $" ({scale.PerSecond(rate)})";
        if (!string.IsNullOrEmpty(note)) line += $"  {note}";
        if (drawn > 0) output.Write($"\r{new string(' ', drawn)}\r");
        drawn = 0;
        output.WriteLine(line);
    }

    // One column stays free: a line that fills the last column makes terminals wrap, and \r then returns to the wrong line.
    private void Draw(string line)
    {
        var width = Math.Max(20, terminalWidth!() - 1);
        if (line.Length > width) line = line[..width];
        output.Write($"\r{line}{new string(' ', Math.Max(0, drawn - line.Length))}");
        output.Flush();
        drawn = line.Length;
    }

    private double Rate(Phase phase)
    {
        var seconds = time.GetElapsedTime(phase.Started).TotalSeconds;
        return seconds > 0.01 ? (phase.Latest.Done - phase.FirstDone) / seconds : 0;
    }

    private static string Bar(long done, long total)
    {
        var filled = (int)Math.Clamp(BarWidth * done / (double)total, 0, BarWidth);
        return $"[{new string('#', filled)}{new string('.', BarWidth - filled)}]";
    }

    // Nothing takes no time at all.
    private static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 0.1 } => "under 0.1 s",
        { TotalSeconds: < 10 } => $"{time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s",
        { TotalHours: < 1 } => $"{(int)time.TotalMinutes}:{time.Seconds:00} min",
        _ => $"{(int)Math.Min(time.TotalHours, 99_999)}:{time.Minutes:00} h",
    };

    private static bool IsTerminal() =>
        !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    /// <summary>Bytes are read better as kilo-, mega- or gigabytes; everything else is counted in its own unit.</summary>
    private readonly record struct Scale(double Divisor, string Name)
    {
        internal static Scale Of(string unit, long largest) => unit != "bytes" ? new(1, unit) : largest switch
        {
            < 1_000_000 => new(1e3, "KB"),
            < 1_000_000_000 => new(1e6, "MB"),
            _ => new(1e9, "GB"),
        };

        internal string Amount(long amount) => (amount / Divisor).ToString(Divisor > 1 ? "#,0.0" : "#,0", CultureInfo.InvariantCulture);

        internal string PerSecond(double rate)
        {
            rate /= Divisor;
            return $"{rate.ToString(rate < 100 ? "0.0" : "#,0", CultureInfo.InvariantCulture)} {Name}/s";
        }
    }

    private sealed class Phase(long started, long firstDone)
    {
        internal long Started { get; } = started;
        internal long FirstDone { get; } = firstDone;
        internal long Shown { get; set; }
        internal WorkProgress Latest { get; set; }
    }
}
