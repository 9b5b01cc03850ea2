using static System.FormattableString;
using static RecSys.Core.Training.Nightly.Reports.ReportText;
using RecSys.Core.Storage;
using RecSys.Core.Training.Nightly.Challengers;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Quality;

namespace RecSys.Core.Training.Nightly.Reports;

/// <summary>
/// The report of a night, <c>report.html</c>: what was decided and why, and everything that it stands on, as far as the night came. No user
/// is named.
/// </summary>
internal static class NightReport
{
    private const int MostDays = 31;

    /// <summary>Writes it from the files of the run, in place of an earlier one.</summary>
    public static async Task WriteAsync(NightContext night, IReadOnlyList<StepResult> results, CancellationToken ct)
    {
        var folder = night.Folder;
        var page = new HtmlPage();
        var last = results[^1];
        page.Paragraph(Invariant($"{night.Run.Day:yyyy-MM-dd}, as of {night.Run.Now:u}, out of the {night.Run.Source}, ")
            + Invariant($"seed {night.Run.Seed}, program {night.Run.Code}"));
        page.Paragraph(Capital(last.Verdict) + ".", "verdict");
        if (!last.Stopped) await AddChallengersAsync(page, night, ct);
        if (await NightJson.FindAsync<QualityFile>(folder[NightFiles.Quality], ct) is { } quality) AddQuality(page, quality);
        AddSteps(page, results);
        await DurableFile.ReplaceAsync(
            folder.Report, System.Text.Encoding.UTF8.GetBytes(page.ToHtml(Invariant($"Night of {night.Run.Day:yyyy-MM-dd}"))), ct);
    }

    // As far as they came.
    private static async Task AddChallengersAsync(HtmlPage page, NightContext night, CancellationToken ct)
    {
        var found = new List<ChallengerReport>();
        foreach (var challenger in night.Challengers)
        {
            if (await ChallengerReport.FindAsync(night, challenger, ct) is { } report) found.Add(report);
        }
        var best = new NightDecisions([.. found.Select(one => (one.Challenger, one.Gate))]).Best;
        if (found.Count > 1)
            ChallengerTable.Add(page, found, await NightJson.FindAsync<PublicationFile>(night.Folder[NightFiles.Publication], ct), best);
        var refit = await NightJson.FindAsync<RefitFile>(night.Folder[NightFiles.Refit], ct);
        foreach (var one in found)
        {
            one.AddDecision(page);
            if (one.Challenger == best && refit is not null) AddRefit(page, refit);
            await one.AddComparisonAsync(page, night, ct);
        }
    }

    private static void AddRefit(HtmlPage page, RefitFile refit)
    {
        if (refit.Checks.Count == 0) return;
        page.Heading(refit.Variant is { } variant ? $"Refit: {variant}" : "Refit");
        page.Paragraph($"Published is the {(refit.Outcome == RefitOutcome.Refitted ? "refitted" : "judged")} model: {refit.Remark}.",
            refit.Outcome == RefitOutcome.Refitted ? "good" : "bad");
        if (refit.Split is { } split)
            page.Paragraph(Invariant($"Refitted towers learn until {Moment(split.TowersUntilMs)}, the ranker until ")
                + Invariant($"{Moment(split.TrainUntilMs)}; it is calibrated with what came until {Moment(split.LastLearntMs)}. All other ")
                + "figures of this page are the judged model's.");
        page.Table([":check", ":", "value", "bound", ":in words"], refit.Checks.Select(check => (string[])
        [
            check.Name, check.Passed ? "ok" : "FAIL", Number(check.Value ?? double.NaN), Number(check.Bound ?? double.NaN), check.Reason,
        ]));
    }

    private static string Moment(long timeMs) => Invariant($"{DateTimeOffset.FromUnixTimeMilliseconds(timeMs):yyyy-MM-dd HH:mm}");

    private static void AddQuality(HtmlPage page, QualityFile quality)
    {
        page.Heading("Data");
        page.Paragraph(Invariant($"{quality.Kept:#,0} of {quality.Raw:#,0} events are sound: {100 * quality.Rate:0.00} %, the floor is ")
            + Invariant($"{100 * quality.Floor:0.##} %. {quality.UnknownItems:#,0} wait for their items; {quality.Bots:#,0} users are ")
            + "bots.");
        page.Table([":day", "raw", "kept", .. quality.Rejected.Keys], quality.Days.TakeLast(MostDays).Select(day => (string[])
        [
            Invariant($"{day.Day:yyyy-MM-dd}"), Invariant($"{day.Raw:#,0}"), Invariant($"{day.Kept:#,0}"),
            .. quality.Rejected.Keys.Select(fault =>
                Invariant($"{day.Rejected.GetValueOrDefault(Enum.Parse<EventFault>(fault)):#,0}")),
        ]));
        foreach (var remark in quality.Remarks.Take(MostDays)) page.Paragraph(remark);
    }

    private static void AddSteps(HtmlPage page, IReadOnlyList<StepResult> results)
    {
        page.Heading("Steps");
        page.Table([":step", "seconds", "peak memory", "files", ":what"], results.Select(result => (string[])
        [
            result.Step, Invariant($"{result.Seconds:0.0}"), Invariant($"{result.PeakMemoryBytes / 1048576:#,0} MB"),
            Invariant($"{result.Outputs.Sum(file => file.Bytes) / 1048576.0:#,0.0} MB"), result.Verdict,
        ]));
    }
}
