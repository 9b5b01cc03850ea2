using static System.FormattableString;
using static RecSys.Core.Training.Nightly.Reports.ReportText;
using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.Gate;
using RecSys.Core.Models;
using RecSys.Core.Training.Nightly.Challengers;
using RecSys.Core.Training.Nightly.Explored;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Judging;

namespace RecSys.Core.Training.Nightly.Reports;

/// <summary>What the report of a night says of one challenger: the decision, and everything that it stands on.</summary>
internal sealed class ChallengerReport
{
    private const int MostFeatures = 20;

    private readonly NightEvaluation evaluation;

    private ChallengerReport(Challenger challenger, GateFile gate, NightEvaluation evaluation) =>
        (Challenger, Gate, this.evaluation) = (challenger, gate, evaluation);

    public Challenger Challenger { get; }

    public GateFile Gate { get; }

    /// <summary>The figure that it is chosen by, beside the other model's; null where nothing was measured.</summary>
    public JudgedDifference? Gain => GateMetrics.MainOf(evaluation.Metrics, one => one.Metric);

    /// <summary>Null where the night did not come so far.</summary>
    public static async Task<ChallengerReport?> FindAsync(NightContext night, Challenger challenger, CancellationToken ct)
    {
        var gate = await NightJson.FindAsync<GateFile>(night.Folder[challenger[NightFiles.Gate]], ct);
        var evaluation = await NightJson.FindAsync<NightEvaluation>(night.Folder[challenger[NightFiles.Evaluation]], ct);
        return gate is null || evaluation is null ? null : new ChallengerReport(challenger, gate, evaluation);
    }

    public void AddDecision(HtmlPage page)
    {
        Heading(page, "Decision");
        page.Paragraph($"{(Gate.Passed ? "Passed" : "Refused")} ({Gate.Verdict.ToString().ToLowerInvariant()}), compared with "
            + $"{Gate.Champion ?? "popularity"}, because:");
        foreach (var reason in Gate.Reasons) page.Paragraph($"— {reason}", Gate.Passed ? "good" : "bad");
        page.Table([":criterion", ":asked", ":", "value", "bound", "interval", ":in words"], Gate.Criteria.Select(one => (string[])
        [
            one.Name, one.Rule.ToString().ToLowerInvariant(), one.Passed ? "ok" : "FAIL", Number(one.Value), Number(one.Bound),
            one.Low is { } low && one.High is { } high ? $"{Number(low)} to {Number(high)}" : "", one.Reason,
        ]));
    }

    public async Task AddComparisonAsync(HtmlPage page, NightContext night, CancellationToken ct)
    {
        if (evaluation.Fault is not null) return;
        Heading(page, "Comparison");
        page.Paragraph(Invariant($"{evaluation.Impressions:#,0} impressions in {evaluation.Lists:#,0} lists of ")
            + Invariant($"{evaluation.Users:#,0} users, {evaluation.Choices:#,0} choices; intervals by bootstrap over users."));
        if (evaluation.ChampionRemark is { } remark) page.Paragraph(remark, "bad");
        var (before, after) = (evaluation.Champion ?? evaluation.Against, ComparisonTable.NameOf(evaluation));
        page.Table([":metric", before, after, "change", .. ComparisonTable.RangesOf(evaluation), ":verdict"],
            ComparisonTable.Rows(evaluation, Gate).Select(row =>
                (string[])[row.Metric, Number(row.Before), Number(row.After), row.Change, .. row.Ranges, row.Verdict]));
        // They are the same for all.
        if (Challenger.Variant is null) AddModels(page);
        if (evaluation.Explored is { } explored) AddExplored(page, explored);
        if (evaluation.Reliability.Count > 0)
        {
            Heading(page, "Calibration of the new model");
            page.Picture(ReliabilityPicture.Of(evaluation.Reliability));
            page.Table(["rows", "predicted", "observed"], evaluation.Reliability.Select(bin =>
                (string[])[Invariant($"{bin.Rows:#,0}"), Number(bin.Predicted), Number(bin.Observed)]));
        }
        if (evaluation.Lift.Count > 0)
        {
            Heading(page, "Lift by tenths of the score, the best first");
            page.Table(["tenth", "rows", "click rate", "lift"], evaluation.Lift.Select((decile, at) => (string[])
            [
                Invariant($"{at + 1}"), Invariant($"{decile.Rows:#,0}"), Number(decile.Rate), Invariant($"{decile.Lift:0.00}"),
            ]));
        }
        await AddFeaturesAsync(page, night, ct);
        AddTopLists(page);
    }

    private void AddModels(HtmlPage page)
    {
        var names = evaluation.Models.SelectMany(model => model.Values.Keys).Distinct().ToArray();
        Heading(page, "All figures");
        page.Table([":figure", .. evaluation.Models.Select(TitleOf)],
            names.Select(name => (string[])[name, .. evaluation.Models.Select(model => Figure(model, name))]));
    }

    // What was not published yet has no version.
    private static string TitleOf(JudgedFigures model) =>
        model.Version is { } version and not JudgedModel.Challenger ? $"{model.Name} {version}" : model.Name;

    private void AddExplored(HtmlPage page, ExploredJudgement explored)
    {
        Heading(page, "Explored places");
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

    private async Task AddFeaturesAsync(HtmlPage page, NightContext night, CancellationToken ct)
    {
        var importance = await RankerImportance.ReadAsync(night.Folder[Challenger[NightFiles.Challenger]], ct);
        Heading(page, "What the new model leans on");
        if (evaluation.BestFeature is { } best)
            page.Paragraph(Invariant($"Alone, {best} tells most of the label: AUC {evaluation.BestFeatureAuc:0.0000}."));
        page.Table([":feature", "share of gains", $"loss of {importance.Metric} when shuffled"], importance.Features.Take(MostFeatures)
            .Select(feature => (string[])[feature.Feature, Invariant($"{100 * feature.GainShare:0.0} %"),
                feature.Loss is { } loss ? Number(loss) : "–"]));
        if (evaluation.Drift.Count == 0) return;
        Heading(page, "Drift of the features since the champion was made");
        page.Paragraph(Invariant($"Population stability index, drifted above {night.Options.Nightly.DriftIndex:0.##}; what comes ")
            + "from a model moves with the model and does not count.");
        page.Table([":feature", "index", ":"], evaluation.Drift.Take(MostFeatures).Select(drift =>
            (string[])[drift.Feature, Number(drift.Index), drift.FromModel ? "from the model" : ""]));
    }

    private void AddTopLists(HtmlPage page)
    {
        if (evaluation.TopLists.Count == 0) return;
        Heading(page, "The ten best items of sampled requests");
        page.Table(["request", "new items", ":champion", ":new model"], evaluation.TopLists.Select((change, at) => (string[])
        [
            Invariant($"{at + 1}"), change.Before.Count == 0 ? "–" : Invariant($"{change.New}"), string.Join(" · ", change.Before),
            string.Join(" · ", change.After),
        ]));
    }

    private void Heading(HtmlPage page, string text) => page.Heading(Challenger.Variant is { } variant ? $"{text}: {variant}" : text);
}
