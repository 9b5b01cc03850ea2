using static System.FormattableString;
using RecSys.Core.Domain;
using RecSys.Core.Storage;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Sources;
using RecSys.Core.Training.Nightly.States;

namespace RecSys.Core.Training.Nightly.Steps;

/// <summary>
/// Reads the window's days and writes them down, beside the state that the log had come to before them: folded from the latest state that
/// an earlier night wrote, or from the first entry. Features of thirty days and of a lifetime are so those that serving had. It leaves the
/// state at the start of the next night's window for that night.
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
        var states = new NightStates(folder.All, night.Source, night.Catalogue);
        var begun = await states.OpenAsync(window.FirstPosition, ct);
        var (known, before) = (begun.State.Events, 0L);
        (FolderPublication Files, EntryMark Last, long Events)? next = null;
        Directory.CreateDirectory(Path.GetDirectoryName(folder[NightFiles.Events])!);
        var collector = new WindowCollector(
            begun.State, window.FirstPosition, window.NextFirstPosition,
            (int)Math.Min(int.MaxValue, window.LastPosition - window.FirstPosition + 1),
            past =>
            {
                before = past.Events;
                PastFiles.Write(past, folder[NightFiles.PastFeatures], folder[NightFiles.PastUsers], ct);
            },
            past =>
            {
                if (states.Begin(past, ct) is { } files) next = (files, past.Last!, past.Events);
            });
        string? written = null;
        try
        {
            await night.Source.FeedAsync(begun.State.Position, collector, night.Progress, ct);
            var log = collector.Finish(window.LastPosition);
            LogFiles.Write(log, folder[NightFiles.Items], folder[NightFiles.Users], folder[NightFiles.Events], ct);
            var collected = Describe(night.Source, log, before);
            await NightJson.WriteAsync(folder[NightFiles.Collected], collected, ct);
            if (next is var (files, last, events)) written = await states.CommitAsync(files, last, events, night.Run.Day, ct);
            return Outcome(night, collected, begun, known, written);
        }
        finally
        {
            if (written is null && next is var (files, _, _))
            {
                files.Abandon();
                files.Dispose();
            }
        }
    }

    private static CollectedLog Describe(INightSource source, InteractionLog log, long before)
    {
        var window = source.Window;
        var startMs = window.Start.ToUnixTimeMilliseconds();
        var (earliestMs, latestMs, late) = (window.End.ToUnixTimeMilliseconds(), long.MinValue, 0L);
        foreach (ref readonly var e in log.Events)
        {
            (earliestMs, latestMs) = (Math.Min(earliestMs, e.TimeMs), Math.Max(latestMs, e.TimeMs));
            if (e.TimeMs < startMs) late++;
        }
        return new CollectedLog(
            source.Name, window.Epoch, window.FirstDay, window.Day, window.FirstPosition, window.LastPosition, before, log.Events.Length,
            log.Items.Count, log.Users.Count, earliestMs, latestMs, late);
    }

    private static StepOutcome Outcome(NightContext night, CollectedLog collected, OpenedState begun, long known, string? written)
    {
        var folded = collected.EventsBefore - known;
        var state = begun.Name is { } name ? Invariant($"from {name}, {folded:#,0} events behind it folded")
            : Invariant($"folded from the first entry, {folded:#,0} events");
        return new StepOutcome(
            Invariant($"{collected.Events:#,0} events from {collected.FirstDay:yyyy-MM-dd} to {collected.Day:yyyy-MM-dd} out of the ")
                + $"{night.Source.Name}; state before them: {state}",
            [
                NightFiles.Collected, NightFiles.Items, NightFiles.Users, NightFiles.Events, NightFiles.PastFeatures, NightFiles.PastUsers,
            ])
        {
            Counts = new Dictionary<string, long>
            {
                ["events"] = collected.Events, ["events_before"] = collected.EventsBefore, ["events_before_folded"] = folded,
                ["items"] = collected.Items, ["users"] = collected.Users,
            },
            Text = string.Concat(begun.Refused.Append(written is null ? "" : $"State for the next night: {written}")
                .Where(line => line.Length > 0).Select(line => line + "\n")),
        };
    }
}
