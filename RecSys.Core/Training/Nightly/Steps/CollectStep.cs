using static System.FormattableString;
using RecSys.Core.Training.Nightly.Files;

namespace RecSys.Core.Training.Nightly.Steps;

/// <summary>
/// Reads the log up to the end of the day and writes it down. Examples come from the window's days alone; all that was before them is there
/// to fold the state from, so that features of thirty days and of a lifetime are those that serving had.
/// </summary>
internal sealed class CollectStep : INightStep
{
    public const string StepName = "collect";

    public string Name => StepName;

    public IReadOnlyList<string> Needs => [];

    public Task<IReadOnlyList<StepFile>> OutsideAsync(NightContext night, CancellationToken ct) => night.Source.ChecksumsAsync(ct);

    public async Task<StepOutcome> RunAsync(NightContext night, CancellationToken ct)
    {
        var (folder, window) = (night.Folder, night.Source.Window);
        var log = await night.Source.ReadAsync(night.Progress, ct);
        Directory.CreateDirectory(Path.GetDirectoryName(folder[NightFiles.Events])!);
        LogFiles.Write(log, folder[NightFiles.Items], folder[NightFiles.Users], folder[NightFiles.Events], ct);
        var first = log.Positions.BinarySearch(window.FirstPosition);
        if (first < 0) first = ~first;
        var startMs = window.Start.ToUnixTimeMilliseconds();
        var (earliestMs, latestMs, late) = (window.End.ToUnixTimeMilliseconds(), long.MinValue, 0L);
        foreach (ref readonly var e in log.Events[first..])
        {
            (earliestMs, latestMs) = (Math.Min(earliestMs, e.TimeMs), Math.Max(latestMs, e.TimeMs));
            if (e.TimeMs < startMs) late++;
        }
        var collected = new CollectedLog(
            night.Source.Name, window.Epoch, window.FirstDay, window.Day, window.FirstPosition, window.LastPosition,
            first, log.Events.Length, log.Items.Count, log.Users.Count, earliestMs, latestMs, late);
        await NightJson.WriteAsync(folder[NightFiles.Collected], collected, ct);
        var own = collected.WindowEvents;
        return new StepOutcome(
            Invariant($"{own:#,0} events from {window.FirstDay:yyyy-MM-dd} to {window.Day:yyyy-MM-dd} out of the {night.Source.Name}, ")
                + Invariant($"{collected.FirstEvent:#,0} before them for the state"),
            [NightFiles.Collected, NightFiles.Items, NightFiles.Users, NightFiles.Events])
        {
            Counts = new Dictionary<string, long>
            {
                ["events"] = collected.Events, ["window_events"] = own, ["items"] = collected.Items, ["users"] = collected.Users,
            },
        };
    }
}
