using System.CommandLine;
using System.Globalization;
using RecSys.Api.Hosting;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Storage;
using RecSys.Core.Training.Skew;

namespace RecSys.Api.Commands;

/// <summary>
/// <c>skew</c>: compares logged features with a replay of the event log; exits with 1 when a feature differs more often than is tolerated.
/// </summary>
internal static class SkewCommand
{
    public static Command Create()
    {
        var since = new Option<DateTimeOffset?>("--since")
        {
            Description = "Only requests from this UTC date or time on",
            HelpName = "date",
            CustomParser = result =>
            {
                if (DateTimeOffset.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
                    out var time))
                    return time;
                result.AddError("--since must be a date such as 2022-05-05 or a time such as 2022-05-05T12:00:00Z.");
                return null;
            },
        };
        var defaults = new SkewOptions();
        var maxRows = CommonOptions.InRange(
            new Option<int>("--max-rows") { Description = "Compare about so many served items, the latest ones",
                DefaultValueFactory = _ => defaults.MaxRows }, 1, 10_000_000);
        var tolerate = new Option<double>("--tolerate")
        {
            Description = "Percent of a feature's values that may differ",
            DefaultValueFactory = _ => defaults.ToleratedShare * 100,
            HelpName = "percent",
            CustomParser = result =>
            {
                if (double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var percent)
                    && percent is >= 0 and <= 100)
                    return percent;
                result.AddError("--tolerate must be a number from 0 to 100.");
                return 0;
            },
        };
        var json = new Option<string?>("--json") { Description = "Also write the report to this file", HelpName = "file" };
        var command = new Command("skew", "Compare features as served with a replay of the event log") { CommonOptions.Data, since, maxRows,
            tolerate, json };
        command.SetAction((arguments, cancellationToken) => RunAsync(
            arguments.GetValue(CommonOptions.Data)!,
            new SkewOptions { Since = arguments.GetValue(since), MaxRows = arguments.GetValue(maxRows),
                ToleratedShare = arguments.GetValue(tolerate) / 100 },
            arguments.GetValue(json),
            arguments.InvocationConfiguration,
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string dataFolder, SkewOptions options, string? json, InvocationConfiguration console,
        CancellationToken cancellationToken)
    {
        CommonOptions.RequireFolder("--json", json);
        await using var database = await Databases.OpenExistingAsync(dataFolder, cancellationToken);
        var check = new SkewCheck(database.ServedRecords, database.EventLog, database.Contents,
            new ModelRegistry(new ServerSettings(dataFolder).ModelsFolder, database.Models), FeatureCatalogue.Default);
        SkewReport report;
        using (var progress = new ProgressDisplay()) report = await check.RunAsync(options, progress, cancellationToken);
        console.Output.Write(report.ToTable());
        if (json is not null) await File.WriteAllTextAsync(json, report.ToJson(), cancellationToken);
        if (report.Skewed.Count == 0) return 0;
        console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"error: {report.Skewed.Count} features differ in more than {options.ToleratedShare:P1} of the "
                + $"rows: {string.Join(", ", report.Skewed)}"));
        return 1;
    }
}
