using static System.FormattableString;
using RecSys.Core.Domain;
using RecSys.Core.Retrieval.Text;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Fitting;

namespace RecSys.Core.Training.Nightly.Steps;

/// <summary>Fits the towers, and what follows what, on the earlier share of the training part.</summary>
internal sealed class TowersStep : INightStep
{
    public const string StepName = "towers";

    public string Name => StepName;

    public IReadOnlyList<string> Needs => [CollectStep.StepName, ValidateStep.StepName, SplitStep.StepName];

    public async Task<StepOutcome> RunAsync(NightContext night, CancellationToken ct)
    {
        var data = await night.DataAsync(ct);
        var split = await NightJson.ReadAsync<SplitFile>(night.Folder[NightFiles.Split], ct);
        var learnt = data.Part((in LogEvent e) => e.TimeMs < split.TowersUntilMs);
        var fitted = FittedTowers.Fit(night, learnt, split.Impressions, ct);
        var (towers, neighbours) = (fitted.Towers, fitted.Neighbours);
        var folder = night.Folder[NightFiles.Towers];
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        await TowerFiles.WriteAsync(folder, fitted, ct);
        var best = towers.BestEpoch;
        var offered = CountPositives(learnt);
        // The same run again writes the same file, which speeds would not.
        await NightJson.WriteAsync(
            night.Folder[NightFiles.TowersHeader],
            new TowersFile(
                best with { TargetsPerSecond = 0, Elapsed = TimeSpan.Zero }, towers.Used!, towers.Settings, towers.Temperature,
                night.Options.Text.IsConfigured ? TextModelHash.Of(night.Options.Text) : null, neighbours?.Share ?? 0), ct);
        return new StepOutcome(
            Invariant($"epoch {best.Epoch} of {towers.Epochs.Count}, loss {best.Loss:0.0000}, AUC {best.ValidAuc:0.0000}, ")
                + Invariant($"Recall@500 {best.ValidRecall500:0.0000} on held-out items; {towers.Targets:#,0} targets an epoch of ")
                + Invariant($"{offered:#,0} positive events (what a user had lately and what is held out are none)"),
            [NightFiles.TowersHeader, .. TowerFiles.Names(towers, neighbours).Select(name => $"{NightFiles.Towers}/{name}")])
        {
            Counts = new Dictionary<string, long>
            {
                ["events"] = learnt.Events.Length, ["positives_offered"] = offered, ["targets"] = towers.Targets,
                ["epochs"] = towers.Epochs.Count,
            },
        };
    }

    private static long CountPositives(InteractionLog log)
    {
        var count = 0L;
        foreach (ref readonly var e in log.Events) count += e.IsPositive && e.User >= 0 ? 1 : 0;
        return count;
    }
}
