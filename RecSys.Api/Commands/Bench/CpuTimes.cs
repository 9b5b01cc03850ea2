namespace RecSys.Api.Commands.Bench;

/// <summary>
/// Processor time of the process by what it was at, all threads together: what something costs on a machine that others use, too.
/// </summary>
internal sealed class CpuTimes
{
    private readonly Dictionary<string, double> seconds = new(StringComparer.Ordinal);
    private TimeSpan last = Environment.CpuUsage.TotalTime;

    /// <summary>Sums by name, seconds.</summary>
    public IReadOnlyDictionary<string, double> Seconds => seconds.ToDictionary(each => each.Key, each => Math.Round(each.Value, 1));

    /// <summary>What was used since the call before, or since this was made, was for this.</summary>
    public void End(string what)
    {
        var now = Environment.CpuUsage.TotalTime;
        seconds[what] = seconds.GetValueOrDefault(what) + (now - last).TotalSeconds;
        last = now;
    }
}
