using System.CommandLine;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using RecSys.Api.Hosting;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Features;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Storage;
using RecSys.Core.Training;
using RecSys.Core.Training.Protocols;

namespace RecSys.Api.Commands;

/// <summary><c>evaluate</c>: trains its own models on what a protocol allows and compares them; published models are not touched.</summary>
internal static class EvaluateCommand
{
    private static readonly JsonSerializerOptions AllSettings = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private const string ColdItems = "cold-items";
    private const string FirstItem = "first";
    private const string LastItem = "last";

    public static Command Create()
    {
        var protocol = new Option<string>("--protocol") { Description = "How the log is split",
            DefaultValueFactory = _ => LeaveOneOutEvaluation.Protocol };
        protocol.AcceptOnlyFromAmong(LeaveOneOutEvaluation.Protocol, TimeSplitEvaluation.Protocol, GlobalTimeEvaluation.Protocol, ColdItems,
            NewUserEvaluation.Protocol);
        var json = new Option<string?>("--json") { Description = "Also write the report to this file", HelpName = "file" };
        var rows = new Option<string?>("--rows") { Description =
            "Also write every test row with what each model makes of it to this Parquet file", HelpName = "file" };
        var trainUntil = DateOption("--train-until",
            "time-split: end of the training part: a UTC date, which is still part of it, or a time; 80 % of the events when left out");
        var validateUntil = DateOption("--validate-until",
            "time-split: end of the validation part, by the same rule; what follows is the test; 90 % of the events when left out");
        var groups = new Option<bool>("--groups") { Description =
            "time-split: also fit the ranker without each group of features and with each alone" };
        var target = new Option<string>("--target") { Description =
            "global-time: which new item of each user in the test part is to be predicted", DefaultValueFactory = _ => FirstItem };
        target.AcceptOnlyFromAmong(FirstItem, LastItem);
        var command = new Command("evaluate", "Compare random, popular, item-knn, retrieval and two-stage offline")
        {
            CommonOptions.Data, protocol, json, rows, trainUntil, validateUntil, groups, target, CommonOptions.Tune,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var options = Settings.Training();
            // Found out before minutes of work.
            TorchLibrary.Require();
            options.TuneBudget = arguments.GetValue(CommonOptions.Tune) ?? options.TuneBudget;
            await using var database = await Databases.OpenExistingAsync(arguments.GetValue(CommonOptions.Data)!, cancellationToken);
            var output = arguments.GetValue(json);
            RequireFolder(json.Name, output);
            RequireFolder(rows.Name, arguments.GetValue(rows));
            if (arguments.GetValue(rows) is not null && arguments.GetValue(protocol) is ColdItems or NewUserEvaluation.Protocol)
                throw new RecSysException($"--rows writes what models make of choices and impressions, which {arguments.GetValue(protocol)} "
                    + $"does not compare; use --protocol {TimeSplitEvaluation.Protocol}, or leave --rows out.");
            if (arguments.GetValue(groups) && arguments.GetValue(protocol) != TimeSplitEvaluation.Protocol)
                throw new RecSysException("--groups judges impressions, so it needs --protocol time-split.");
            if (arguments.GetValue(protocol) == ColdItems)
            {
                await EvaluateColdItemsAsync(database, options, output, cancellationToken);
                return;
            }
            if (arguments.GetValue(protocol) == NewUserEvaluation.Protocol)
            {
                await EvaluateNewUsersAsync(database, options, output, cancellationToken);
                return;
            }
            EvaluationReport report;
            using (var display = new ProgressDisplay())
            {
                var progress = new StepClock(display, TimeProvider.System);
                var log = (await database.Log.ReadAsync(null, null, cancellationToken)).WithUsersMerged();
                log = TiedTimes.Shuffle(log, options.Seed);
                progress.Report(new WorkProgress("read the log", log.Events.Length, log.Events.Length, "events"));
                report = arguments.GetValue(protocol) switch
                {
                    LeaveOneOutEvaluation.Protocol =>
                        new LeaveOneOutEvaluation(FeatureCatalogue.Default, options).Run(log, progress, cancellationToken),
                    GlobalTimeEvaluation.Protocol =>
                        new GlobalTimeEvaluation(FeatureCatalogue.Default, options)
                        .Run(log, arguments.GetValue(target) == LastItem, progress, cancellationToken),
                    _ => new TimeSplitEvaluation(FeatureCatalogue.Default, options).Run(
                        log, SplitOf(log, arguments.GetValue(trainUntil), arguments.GetValue(validateUntil)), arguments.GetValue(groups),
                        progress, cancellationToken),
                };
                report = report with { Run = RunOf(options, progress) };
            }
            Console.WriteLine(report.ToTable());
            if (output is not null) await File.WriteAllTextAsync(output, report.ToJson(), cancellationToken);
            if (arguments.GetValue(rows) is { } file && report.Outcomes is { } outcomes)
                TestRowsFile.Write(file, outcomes,
                    await database.Log.RequestIdsAsync(TestRowsFile.Positions(outcomes), cancellationToken));
        });
        return command;
    }

    private static EvaluationRun RunOf(TrainingOptions options, StepClock clock) => new(
        typeof(EvaluateCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
        options.Seed, JsonSerializer.SerializeToElement(options, AllSettings), clock.Read());

    // Not a comparison of models but one question to the towers, so it has a report of its own.
    private static async Task EvaluateColdItemsAsync(IDatabase database, TrainingOptions options, string? output,
        CancellationToken cancellationToken)
    {
        ColdItemReport report;
        using (var progress = new ProgressDisplay())
            report = await ColdItemEvaluation.RunAsync(await database.Log.ReadAsync(null, null, cancellationToken), options,
                progress: progress, cancellationToken: cancellationToken);
        Console.WriteLine(report.ToTable());
        if (output is not null) await File.WriteAllTextAsync(output, JsonSerializer.Serialize(report), cancellationToken);
    }

    private static async Task EvaluateNewUsersAsync(IDatabase database, TrainingOptions options, string? output,
        CancellationToken cancellationToken)
    {
        NewUserReport report;
        using (var progress = new ProgressDisplay())
            report = await NewUserEvaluation.RunAsync(await database.Log.ReadAsync(null, null, cancellationToken), options,
                ServedLists.StartAsync, progress: progress, cancellationToken: cancellationToken);
        Console.WriteLine(report.ToTable());
        if (output is not null) await File.WriteAllTextAsync(output, JsonSerializer.Serialize(report), cancellationToken);
    }

    private static TimeSplit SplitOf(InteractionLog log, DateTimeOffset? trainUntil, DateTimeOffset? validateUntil)
    {
        if (trainUntil is null && validateUntil is null) return TimeSplit.CreateByFractions(log);
        if (trainUntil is null || validateUntil is null || validateUntil <= trainUntil)
            throw new RecSysException("--train-until and --validate-until go together, the second later than the first.");
        return TimeSplit.Create(log, trainUntil.Value, validateUntil.Value);
    }

    // Found out before an hour of training, not after it.
    private static void RequireFolder(string option, string? file)
    {
        if (file is not null && Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder && !Directory.Exists(folder))
            throw new RecSysException($"{option} {file}: the folder {folder} does not exist.");
    }

    private static Option<DateTimeOffset?> DateOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "date",
        CustomParser = result =>
        {
            // "Until a day" includes the day.
            if (DateOnly.TryParseExact(result.Tokens[0].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None,
                out var day))
                return day < DateOnly.MaxValue
                    ? new DateTimeOffset(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero) : DateTimeOffset.MaxValue;
            if (DateTimeOffset.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
                return time;
            result.AddError($"{name} must be a date such as 2022-05-05 or a time such as 2022-05-05T12:00:00Z.");
            return null;
        },
    };
}
