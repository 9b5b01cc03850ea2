using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using RecSys.Core.Simulation;
using RecSys.Core.Simulation.Truth;

namespace RecSys.Api.Commands.Simulating;

/// <summary>Runs a comparison and shows it: a row per figure, a column per side, and behind each side its difference to the base.</summary>
internal static class ComparisonReport
{
    private const int Width = 20;

    public static async Task RunAsync(string verb, ParseResult arguments, IReadOnlyList<WorldArm> arms, CancellationToken cancellationToken)
    {
        var file = arguments.GetValue(SimulateArguments.Json);
        CommonOptions.RequireFolder("--json", file);
        var options = SimulateArguments.Options(arguments);
        var (seeds, threads) = (arguments.GetValue(SimulateArguments.Seeds), SimulateArguments.ThreadsOf(arguments));
        var start = Stopwatch.GetTimestamp();
        WorldComparison comparison;
        using (var progress = new ProgressDisplay())
            comparison = await WorldComparison.RunAsync(options, arms, seeds, threads, progress, cancellationToken);
        var output = arguments.InvocationConfiguration.Output;
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{arguments.GetValue(SimulateArguments.World)}: {options.Items} items, {options.Users} users, {options.Days} days, "
            + $"{seeds} seeds from {options.Seed}; mean ± half of the 95 % interval over seeds; "
            + $"Δ: minus {comparison.Arms[0]}, seed by seed"));
        await output.WriteAsync(Table(comparison));
        if (file is null) return;
        var json = Json(verb, arguments.GetValue(SimulateArguments.World)!, options, comparison);
        json["seconds"] = Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 1);
        await File.WriteAllTextAsync(file, json.ToJsonString(), cancellationToken);
    }

    private static string Table(WorldComparison comparison)
    {
        var text = new StringBuilder("figure".PadRight(24));
        for (var arm = 0; arm < comparison.Arms.Count; arm++)
        {
            text.Append(comparison.Arms[arm].PadLeft(Width));
            if (arm > 0) text.Append("Δ".PadLeft(Width));
        }
        foreach (var metric in RunMetric.All)
        {
            text.Append('\n').Append(metric.Name.PadRight(24));
            for (var arm = 0; arm < comparison.Arms.Count; arm++)
            {
                text.Append(Cell(comparison.Of(metric, arm), "0.0000").PadLeft(Width));
                if (arm > 0) text.Append(Cell(comparison.Difference(metric, arm), "+0.0000;-0.0000;0.0000").PadLeft(Width));
            }
        }
        return text.Append('\n').ToString();
    }

    private static string Cell(MeanInterval interval, string format) =>
        interval.Mean.ToString(format, CultureInfo.InvariantCulture) + " ± "
            + interval.HalfWidth.ToString("0.0000", CultureInfo.InvariantCulture);

    private static JsonObject Json(string verb, string world, WorldOptions options, WorldComparison comparison) => new()
    {
        ["simulate"] = verb,
        ["world"] = world,
        ["items"] = options.Items,
        ["users"] = options.Users,
        ["days"] = options.Days,
        ["seed"] = options.Seed,
        ["seeds"] = comparison.Runs.Count,
        ["base"] = comparison.Arms[0],
        ["arms"] = new JsonArray([.. Enumerable.Range(0, comparison.Arms.Count).Select(arm => Arm(comparison, arm))]),
    };

    private static JsonObject Arm(WorldComparison comparison, int arm)
    {
        var figures = new JsonObject();
        foreach (var metric in RunMetric.All)
        {
            var entry = Interval(comparison.Of(metric, arm));
            if (arm > 0) entry["difference"] = Interval(comparison.Difference(metric, arm));
            entry["by_seed"] = new JsonArray([.. comparison.Runs.Select(seed => (JsonNode)metric.Of(seed[arm]))]);
            figures[metric.Name] = entry;
        }
        return new JsonObject { ["name"] = comparison.Arms[arm], ["figures"] = figures };
    }

    private static JsonObject Interval(MeanInterval interval) =>
        new() { ["mean"] = interval.Mean, ["low"] = interval.Low, ["high"] = interval.High };
}
