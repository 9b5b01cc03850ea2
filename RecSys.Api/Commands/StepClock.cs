using RecSys.Core.Domain;

namespace RecSys.Api.Commands;

/// <summary>Passes progress on and adds up the time by step: what passes before a report belongs to the step that it is about.</summary>
/// <param name="display">Who is told.</param>
/// <param name="time">The clock.</param>
internal sealed class StepClock(IProgress<WorkProgress> display, TimeProvider time) : IProgress<WorkProgress>
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, double> seconds = new(StringComparer.Ordinal);
    private long latest = time.GetTimestamp();

    /// <summary>Seconds by step, in the order of their first reports; what came behind the last report is <c>rest</c>.</summary>
    public IReadOnlyDictionary<string, double> Read()
    {
        lock (gate)
        {
            Add("rest");
            return new Dictionary<string, double>(seconds, StringComparer.Ordinal);
        }
    }

    public void Report(WorkProgress value)
    {
        lock (gate) Add(value.Phase);
        display.Report(value);
    }

    private void Add(string step)
    {
        var now = time.GetTimestamp();
        seconds[step] = Math.Round(seconds.GetValueOrDefault(step) + time.GetElapsedTime(latest, now).TotalSeconds, 3);
        latest = now;
    }
}
