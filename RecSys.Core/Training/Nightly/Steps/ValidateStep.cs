using static System.FormattableString;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Quality;

namespace RecSys.Core.Training.Nightly.Steps;

/// <summary>
/// Looks at every event of the window. What it rejects is not learnt from and not tested on, but stays in the state: serving folded it,
/// too. Below the floor the run ends.
/// </summary>
internal sealed class ValidateStep : INightStep
{
    public const string StepName = "validate";

    // With more events than this from before the window's days, the window is an import of history and not a week with stragglers.
    private const double MostLate = 0.05;

    // An import may span years; all its days are in the files.
    private const int MostDays = 31;

    public string Name => StepName;

    public IReadOnlyList<string> Needs => [CollectStep.StepName];

    // Values, amounts and the like are not in the files of the step before.
    public Task<IReadOnlyList<StepFile>> OutsideAsync(NightContext night, CancellationToken ct) => night.Source.ChecksumsAsync(ct);

    public async Task<StepOutcome> RunAsync(NightContext night, CancellationToken ct)
    {
        var options = night.Options.Nightly.Quality;
        var window = night.Source.Window;
        var collected = await NightJson.ReadAsync<CollectedLog>(night.Folder[NightFiles.Collected], ct);
        var earliest = DateTimeOffset.FromUnixTimeMilliseconds(collected.EarliestMs);
        var from = earliest < window.Start ? new DateTimeOffset(earliest.UtcDateTime.Date, TimeSpan.Zero) : window.Start;
        var imported = collected.Late > MostLate * collected.Events;
        var to = imported ? DateTimeOffset.FromUnixTimeMilliseconds(collected.LatestMs).AddDays(1) : window.End;
        if (imported) to = new DateTimeOffset(to.UtcDateTime.Date, TimeSpan.Zero);
        var unknown = await night.Database.Survey.CountUnknownItemsAsync(from, to, ct);
        var result = await new QualityCheck(options).RunAsync(
            night.Source.WindowAsync(ct), from, to, unknown, night.Progress, ct,
            imported ? null : window.Start);
        var report = result.Report;
        await NightJson.WriteAsync(night.Folder[NightFiles.Quality], QualityFile.Of(report, options.Floor), ct);
        await File.WriteAllTextAsync(night.Folder[NightFiles.QualityText], report.ToTable(), ct);
        await PositionsFile.WriteAsync(night.Folder[NightFiles.Rejected], result.Rejected, ct);
        var stopped = report.Rate < options.Floor;
        var rate = Invariant($"{report.Kept:#,0} of {report.Raw:#,0} events are sound, {100 * report.Rate:0.00} %");
        return new StepOutcome(
            stopped
                ? Invariant($"stopped: {rate}, below the floor of {100 * options.Floor:0.##} % (Training:Nightly:Quality:Floor)")
                : rate,
            [NightFiles.Quality, NightFiles.QualityText, NightFiles.Rejected])
        {
            Stopped = stopped,
            Text = report.ToTable(MostDays),
            Counts = new Dictionary<string, long>
            {
                ["raw"] = report.Raw, ["kept"] = report.Kept, ["rejected"] = result.Rejected.Length, ["bots"] = report.Bots,
            },
        };
    }
}
