using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using RecSys.Core.Simulation.Truth;

namespace RecSys.Api.Commands.Simulating;

/// <summary>
/// What came of retraining: click rates by day, the difference with its interval over seeds, and what each night decided.
/// </summary>
internal static class RetrainingReport
{
    public static string Text(IReadOnlyList<RetrainedRun> runs)
    {
        var text = new StringBuilder();
        Line(text, $"Clicks per shown item, mean over {runs.Count} seeds:");
        text.Append(" day  retrained   frozen  difference\n");
        for (var at = 0; at < runs[0].Retrained.Count; at++)
        {
            var (retrained, frozen) = (Of(runs, run => [run.Retrained[at]]), Of(runs, run => [run.Frozen[at]]));
            Row(text, (runs[0].Retrained[at].Day + 1).ToString(CultureInfo.InvariantCulture), retrained.Average(), frozen.Average());
            text.Append('\n');
        }
        var difference = Difference(runs);
        Row(text, "all", Of(runs, run => run.Retrained).Average(), Of(runs, run => run.Frozen).Average());
        Line(text, $"  (95 %: {difference.Low:+0.0000;-0.0000} to {difference.High:+0.0000;-0.0000})");
        text.Append("\nNights by verdict:\n");
        foreach (var verdict in runs.SelectMany(run => run.Decisions).GroupBy(decision => decision.Verdict).OrderBy(group => group.Key))
            Line(text, $"  {verdict.Key,-12}{verdict.Count(),5}");
        Line(text, $"\nNights of seed {runs[0].Seed}:");
        foreach (var decision in runs[0].Decisions)
        {
            var reason = decision.Reasons is [var first, ..] ? first : "";
            Line(text, $"  after day {decision.Day + 1,2}  {decision.Version ?? "no model",-10}{decision.Verdict,-12}{reason}");
        }
        return text.ToString();
    }

    public static JsonObject Json(IReadOnlyList<RetrainedRun> runs) => new()
    {
        ["simulate"] = "days",
        ["seeds"] = runs.Count,
        ["retrained_ctr"] = Of(runs, run => run.Retrained).Average(),
        ["frozen_ctr"] = Of(runs, run => run.Frozen).Average(),
        ["difference"] = Interval(Difference(runs)),
        ["by_seed"] = new JsonArray([.. runs.Select(run => new JsonObject
        {
            ["seed"] = run.Seed,
            ["retrained_ctr"] = new JsonArray([.. run.Retrained.Select(day => (JsonNode)RetrainedRun.Ctr([day]))]),
            ["frozen_ctr"] = new JsonArray([.. run.Frozen.Select(day => (JsonNode)RetrainedRun.Ctr([day]))]),
        })]),
        ["decisions"] = new JsonArray([.. runs.SelectMany(run => run.Decisions.Select(decision => new JsonObject
        {
            ["seed"] = run.Seed,
            ["day"] = decision.Day + 1,
            ["version"] = decision.Version,
            ["verdict"] = decision.Verdict,
            ["reasons"] = new JsonArray([.. decision.Reasons.Select(reason => (JsonNode)reason)]),
        }))]),
    };

    private static MeanInterval Difference(IReadOnlyList<RetrainedRun> runs) =>
        MeanInterval.Of([.. runs.Select(run => RetrainedRun.Ctr(run.Retrained) - RetrainedRun.Ctr(run.Frozen))]);

    private static double[] Of(IReadOnlyList<RetrainedRun> runs, Func<RetrainedRun, IReadOnlyList<DayTotals>> days) =>
        [.. runs.Select(run => RetrainedRun.Ctr(days(run)))];

    // One seed has no interval; JSON knows no such number.
    private static JsonObject Interval(MeanInterval interval) => new()
    {
        ["mean"] = interval.Mean,
        ["low"] = double.IsNaN(interval.Low) ? null : interval.Low,
        ["high"] = double.IsNaN(interval.High) ? null : interval.High,
    };

    private static void Row(StringBuilder text, string day, double retrained, double frozen) => text.Append(
        CultureInfo.InvariantCulture,
        $"{day,4}{retrained,11:0.0000}{frozen,9:0.0000}{retrained - frozen,12:+0.0000;-0.0000;0.0000}");

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
