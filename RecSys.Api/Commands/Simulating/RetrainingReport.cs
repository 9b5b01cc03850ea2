using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using RecSys.Core.Simulation.Truth;

namespace RecSys.Api.Commands.Simulating;

/// <summary>
/// What came of retraining, and of refitting where a system did: click rates by day, the differences with their intervals over seeds, and
/// what each night decided.
/// </summary>
internal static class RetrainingReport
{
    public static string Text(IReadOnlyList<RetrainedRun> runs)
    {
        var text = new StringBuilder();
        var refits = runs[0].Refitted is not null;
        Line(text, $"Clicks per shown item, mean over {runs.Count} seeds:");
        text.Append(" day  retrained   frozen  difference").Append(refits ? "  refitted  refitted - retrained\n" : "\n");
        foreach (var day in runs.SelectMany(run => run.Retrained).Select(totals => totals.Day).Distinct().Order())
        {
            // Some worlds have their first model later than others.
            RetrainedRun[] there = [.. runs.Where(run => run.Retrained[0].Day <= day)];
            Row(text, (day + 1).ToString(CultureInfo.InvariantCulture), there, days => [.. days.Where(totals => totals.Day == day)]);
            text.Append('\n');
        }
        Row(text, "all", runs, days => days);
        Line(text, $"  (95 % of the difference: {Range(Difference(runs))})");
        if (refits) Line(text, $"95 % of refitted - retrained: {Range(RefitGain(runs))}");
        Nights(text, RetrainedWorld.Retrained, runs, run => run.Decisions);
        if (refits) Nights(text, RetrainedWorld.Refitted, runs, run => run.RefittedDecisions);
        return text.ToString();
    }

    public static JsonObject Json(IReadOnlyList<RetrainedRun> runs)
    {
        var refits = runs[0].Refitted is not null;
        var json = new JsonObject
        {
            ["simulate"] = "days",
            ["seeds"] = runs.Count,
            ["retrained_ctr"] = Of(runs, run => run.Retrained).Average(),
            ["frozen_ctr"] = Of(runs, run => run.Frozen).Average(),
            ["difference"] = Interval(Difference(runs)),
        };
        if (refits)
        {
            json["refitted_ctr"] = Of(runs, run => run.Refitted!).Average();
            json["refit_difference"] = Interval(RefitGain(runs));
        }
        json["by_seed"] = new JsonArray([.. runs.Select(SeedJson)]);
        json["decisions"] = new JsonArray([.. runs.SelectMany(run => DecisionsJson(run, run.Decisions))]);
        if (refits) json["refitted_decisions"] = new JsonArray([.. runs.SelectMany(run => DecisionsJson(run, run.RefittedDecisions))]);
        return json;
    }

    private static JsonObject SeedJson(RetrainedRun run)
    {
        var json = new JsonObject
        {
            ["seed"] = run.Seed, ["first_day"] = run.Retrained[0].Day + 1, ["retrained_ctr"] = CtrByDay(run.Retrained),
            ["frozen_ctr"] = CtrByDay(run.Frozen),
        };
        if (run.Refitted is { } refitted) json["refitted_ctr"] = CtrByDay(refitted);
        return json;
    }

    private static JsonArray CtrByDay(IReadOnlyList<DayTotals> days) => new([.. days.Select(day => (JsonNode)RetrainedRun.Ctr([day]))]);

    private static IEnumerable<JsonNode> DecisionsJson(RetrainedRun run, IReadOnlyList<NightDecision> decisions) =>
        decisions.Select(decision => new JsonObject
        {
            ["seed"] = run.Seed,
            ["day"] = decision.Day + 1,
            ["version"] = decision.Version,
            ["model"] = decision.Model,
            ["verdict"] = decision.Verdict,
            ["reasons"] = new JsonArray([.. decision.Reasons.Select(reason => (JsonNode)reason)]),
        });

    private static void Nights(
        StringBuilder text, string system, IReadOnlyList<RetrainedRun> runs, Func<RetrainedRun, IReadOnlyList<NightDecision>> of)
    {
        text.Append('\n');
        Line(text, $"Nights of the {system} system by verdict and model:");
        foreach (var kind in runs.SelectMany(of).GroupBy(decision => (decision.Verdict, decision.Model)).OrderBy(group => group.Key))
            Line(text, $"  {kind.Key.Verdict,-12}{kind.Key.Model ?? "none",-10}{kind.Count(),5}");
        text.Append('\n');
        Line(text, $"Nights of seed {runs[0].Seed}:");
        foreach (var decision in of(runs[0]))
        {
            var reason = decision.Reasons is [var first, ..] ? first : "";
            Line(text, $"  after day {decision.Day + 1,2}  {decision.Version ?? "no model",-10}{decision.Verdict,-12}{reason}");
        }
    }

    private static MeanInterval RefitGain(IReadOnlyList<RetrainedRun> runs) => Between(runs, run => run.Refitted!, run => run.Retrained);

    private static string Range(MeanInterval interval) =>
        string.Create(CultureInfo.InvariantCulture, $"{interval.Low:+0.0000;-0.0000} to {interval.High:+0.0000;-0.0000}");

    private static MeanInterval Difference(IReadOnlyList<RetrainedRun> runs) => Between(runs, run => run.Retrained, run => run.Frozen);

    // The first less the second.
    private static MeanInterval Between(
        IReadOnlyList<RetrainedRun> runs, Func<RetrainedRun, IReadOnlyList<DayTotals>> first,
        Func<RetrainedRun, IReadOnlyList<DayTotals>> second) =>
        MeanInterval.Of([.. runs.Select(run => RetrainedRun.Ctr(first(run)) - RetrainedRun.Ctr(second(run)))]);

    private static double[] Of(IReadOnlyList<RetrainedRun> runs, Func<RetrainedRun, IReadOnlyList<DayTotals>> days) =>
        [.. runs.Select(run => RetrainedRun.Ctr(days(run)))];

    // One seed has no interval; JSON knows no such number.
    private static JsonObject Interval(MeanInterval interval) => new()
    {
        ["mean"] = interval.Mean,
        ["low"] = double.IsNaN(interval.Low) ? null : interval.Low,
        ["high"] = double.IsNaN(interval.High) ? null : interval.High,
    };

    private static void Row(
        StringBuilder text, string day, IReadOnlyList<RetrainedRun> runs, Func<IReadOnlyList<DayTotals>, IReadOnlyList<DayTotals>> of)
    {
        var (retrained, frozen) = (Of(runs, run => of(run.Retrained)).Average(), Of(runs, run => of(run.Frozen)).Average());
        text.Append(
            CultureInfo.InvariantCulture,
            $"{day,4}{retrained,11:0.0000}{frozen,9:0.0000}{retrained - frozen,12:+0.0000;-0.0000;0.0000}");
        if (runs[0].Refitted is null) return;
        var refitted = Of(runs, run => of(run.Refitted!)).Average();
        text.Append(CultureInfo.InvariantCulture, $"{refitted,10:0.0000}{refitted - retrained,22:+0.0000;-0.0000;0.0000}");
    }

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
