using static System.FormattableString;
using RecSys.Core.Evaluation;
using RecSys.Core.Models;
using RecSys.Core.Storage;
using RecSys.Core.Training.Nightly.Explored;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Judging;
using RecSys.Core.Training.Nightly.Quality;

namespace RecSys.Core.Training.Nightly.Reports;

/// <summary>
/// The report of a night, <c>report.html</c>: what was decided and why, and everything that it stands on, as far as the night came. No user
/// is named.
/// </summary>
internal static class NightReport
{
    private const int MostFeatures = 20;
    private const int MostDays = 31;

    /// <summary>Writes it from the files of the run, in place of an earlier one.</summary>
    public static async Task WriteAsync(NightContext night, IReadOnlyList<StepResult> results, CancellationToken ct)
    {
        var folder = night.Folder;
        var page = new HtmlPage();
        var last = results[^1];
        page.Paragraph(Invariant($"{night.Run.Day:yyyy-MM-dd}, as of {night.Run.Now:u}, out of the {night.Run.Source}, ")
            + Invariant($"seed {night.Run.Seed}, program {night.Run.Code}"));
        var gate = last.Stopped ? null : await NightJson.FindAsync<GateFile>(folder[NightFiles.Gate], ct);
        var evaluation = last.Stopped ? null : await NightJson.FindAsync<NightEvaluation>(folder[NightFiles.Evaluation], ct);
        page.Paragraph(Capital(last.Verdict) + ".", "verdict");
        if (gate is not null) AddDecision(page, gate);
        if (gate is not null && await NightJson.FindAsync<RefitFile>(folder[NightFiles.Refit], ct) is { } refit) AddRefit(page, refit);
        if (evaluation is not null && gate is not null) await AddComparisonAsync(page, night, evaluation, gate, ct);
        if (await NightJson.FindAsync<QualityFile>(folder[NightFiles.Quality], ct) is { } quality) AddQuality(page, quality);
        AddSteps(page, results);
        await DurableFile.ReplaceAsync(
            folder.Report, System.Text.Encoding.UTF8.GetBytes(page.ToHtml(Invariant($"Night of {night.Run.Day:yyyy-MM-dd}"))), ct);
    }

    private static void AddDecision(HtmlPage page, GateFile gate)
    {
        page.Heading("Decision");
        page.Paragraph($"{(gate.Passed ? "Passed" : "Refused")} ({gate.Verdict.ToString().ToLowerInvariant()}), compared with "
            + $"{gate.Champion ?? "popularity"}, because:");
        foreach (var reason in gate.Reasons) page.Paragraph($"— {reason}", gate.Passed ? "good" : "bad");
        page.Table([":criterion", ":asked", ":", "value", "bound", "interval", ":in words"], gate.Criteria.Select(one => (string[])
        [
            one.Name, one.Rule.ToString().ToLowerInvariant(), one.Passed ? "ok" : "FAIL", Number(one.Value), Number(one.Bound),
            one.Low is { } low && one.High is { } high ? $"{Number(low)} to {Number(high)}" : "", one.Reason,
        ]));
    }

    private static void AddRefit(HtmlPage page, RefitFile refit)
    {
        if (refit.Checks.Count == 0) return;
        page.Heading("Refit");
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

    private static async Task AddComparisonAsync(
        HtmlPage page, NightContext night, NightEvaluation evaluation, GateFile gate, CancellationToken ct)
    {
        page.Heading("Comparison");
        page.Paragraph(Invariant($"{evaluation.Impressions:#,0} impressions in {evaluation.Lists:#,0} lists of ")
            + Invariant($"{evaluation.Users:#,0} users, {evaluation.Choices:#,0} choices; intervals of 95 % by bootstrap over users."));
        if (evaluation.ChampionRemark is { } remark) page.Paragraph(remark, "bad");
        page.Table([":metric", evaluation.Champion ?? evaluation.Against, "new", "change", "interval of the change", ":verdict"],
            ComparisonTable.Rows(evaluation, gate).Select(row =>
                (string[])[row.Metric, Number(row.Before), Number(row.After), row.Change, row.Range, row.Verdict]));
        AddModels(page, evaluation);
        if (evaluation.Explored is { } explored) AddExplored(page, explored);
        if (evaluation.Reliability.Count > 0)
        {
            page.Heading("Calibration of the new model");
            page.Picture(ReliabilityPicture.Of(evaluation.Reliability));
            page.Table(["rows", "predicted", "observed"], evaluation.Reliability.Select(bin =>
                (string[])[Invariant($"{bin.Rows:#,0}"), Number(bin.Predicted), Number(bin.Observed)]));
        }
        if (evaluation.Lift.Count > 0)
        {
            page.Heading("Lift by tenths of the score, the best first");
            page.Table(["tenth", "rows", "click rate", "lift"], evaluation.Lift.Select((decile, at) => (string[])
            [
                Invariant($"{at + 1}"), Invariant($"{decile.Rows:#,0}"), Number(decile.Rate), Invariant($"{decile.Lift:0.00}"),
            ]));
        }
        await AddFeaturesAsync(page, night, evaluation, ct);
        AddTopLists(page, evaluation);
    }

    private static void AddModels(HtmlPage page, NightEvaluation evaluation)
    {
        var names = evaluation.Models.SelectMany(model => model.Values.Keys).Distinct().ToArray();
        page.Heading("All figures");
        page.Table([":figure", .. evaluation.Models.Select(model => model.Version is { } version ? $"{model.Name} {version}" : model.Name)],
            names.Select(name => (string[])[name, .. evaluation.Models.Select(model => Figure(model, name))]));
    }

    private static void AddExplored(HtmlPage page, ExploredJudgement explored)
    {
        page.Heading("Explored places");
        page.Paragraph(explored.Refusal is { } refusal ? Capital(refusal) + "."
            : Invariant($"Clicks per place, had each of {explored.Places:#,0} explored places of {explored.Users:#,0} users gone to the ")
                + "model's best of its pool.");
        if (explored.Values.Count == 0) return;
        page.Table([":", "effective sample size", "mean weight", "self-normalised", "doubly robust"],
            [
                .. explored.Values.Select(value => (string[])
                [
                    value.Model, Invariant($"{value.EffectiveSampleSize:0}"), Number(value.MeanWeight.Value), Range(value.Snips),
                    Range(value.DoublyRobust),
                ]),
                ["new less champion", "", "", Range(explored.SnipsGain), Range(explored.Gain)],
            ]);
    }

    private static string Range(Estimate? estimate) => estimate is { } known
        ? $"{Number(known.Value)} ({Number(known.Low)} to {Number(known.High)})" : "–";

    private static string Figure(JudgedFigures model, string name) => !model.Values.TryGetValue(name, out var value) ? "–"
        : model.Intervals.TryGetValue(name, out var interval) ? $"{Number(value)} ± {Number(interval.Half)}" : Number(value);

    private static async Task AddFeaturesAsync(HtmlPage page, NightContext night, NightEvaluation evaluation, CancellationToken ct)
    {
        var importance = await RankerImportance.ReadAsync(night.Folder[NightFiles.Challenger], ct);
        page.Heading("What the new model leans on");
        if (evaluation.BestFeature is { } best)
            page.Paragraph(Invariant($"Alone, {best} tells most of the label: AUC {evaluation.BestFeatureAuc:0.0000}."));
        page.Table([":feature", "share of gains", $"loss of {importance.Metric} when shuffled"], importance.Features.Take(MostFeatures)
            .Select(feature => (string[])[feature.Feature, Invariant($"{100 * feature.GainShare:0.0} %"),
                feature.Loss is { } loss ? Number(loss) : "–"]));
        if (evaluation.Drift.Count == 0) return;
        page.Heading("Drift of the features since the champion was made");
        page.Paragraph(Invariant($"Population stability index, drifted above {night.Options.Nightly.DriftIndex:0.##}; what comes ")
            + "from a model moves with the model and does not count.");
        page.Table([":feature", "index", ":"], evaluation.Drift.Take(MostFeatures).Select(drift =>
            (string[])[drift.Feature, Number(drift.Index), drift.FromModel ? "from the model" : ""]));
    }

    private static void AddTopLists(HtmlPage page, NightEvaluation evaluation)
    {
        if (evaluation.TopLists.Count == 0) return;
        page.Heading("The ten best items of sampled requests");
        page.Table(["request", "new items", ":champion", ":new model"], evaluation.TopLists.Select((change, at) => (string[])
        [
            Invariant($"{at + 1}"), change.Before.Count == 0 ? "–" : Invariant($"{change.New}"), string.Join(" · ", change.Before),
            string.Join(" · ", change.After),
        ]));
    }

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

    private static string Number(double value) => double.IsFinite(value) ? Invariant($"{value:0.0000}") : "–";

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
