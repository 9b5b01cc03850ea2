using static System.FormattableString;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Skew;

namespace RecSys.Core.Training.Nightly.Steps;

/// <summary>
/// Compares features as they were served in the window with the same features from a replay of the log: where they differ, a ranker learns
/// with one meaning and is asked with another, and no figure of the night holds for serving.
/// </summary>
internal sealed class SkewStep : INightStep
{
    public const string StepName = "skew";

    public string Name => StepName;

    // What was served in days that are over does not change, and what it is compared with is the log's.
    public IReadOnlyList<string> Needs => [CollectStep.StepName];

    public async Task<StepOutcome> RunAsync(NightContext night, CancellationToken ct)
    {
        var (database, window) = (night.Database, night.Source.Window);
        var check = new SkewCheck(database.ServedRecords, database.EventLog, database.Contents, night.Registry, night.Catalogue);
        var report = await check.FindAsync(
            new SkewOptions { Since = window.Start, Until = window.End, MaxRows = night.Options.Nightly.MaxSkewRows }, night.Progress, ct);
        await NightJson.WriteAsync(night.Folder[NightFiles.Skew], SkewFile.Of(report), ct);
        return new StepOutcome(VerdictOf(report), [NightFiles.Skew])
        {
            Text = report.Requests == 0 ? "" : report.ToTable(),
            Counts = new Dictionary<string, long> { ["requests"] = report.Requests, ["rows"] = report.Rows },
        };
    }

    private static string VerdictOf(SkewReport report)
    {
        if (report.Requests == 0)
            return report.Skipped.Count == 0 ? "not measured: no request of the window was stored with its features"
                : $"not measured: {string.Join("; ", report.Skipped.Select(pair => Invariant($"{pair.Value:#,0} requests, {pair.Key}")))}";
        var seen = Invariant($"{report.Requests:#,0} requests, {report.Rows:#,0} places");
        return report.Skewed.Count == 0 ? $"{seen}: no feature differs"
            : $"{seen}: {report.Skewed.Count} features differ between serving and training: {string.Join(", ", report.Skewed)}";
    }
}
