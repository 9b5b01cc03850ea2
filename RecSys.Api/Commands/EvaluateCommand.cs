using System.CommandLine;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using RecSys.Api.Hosting;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Features;
using RecSys.Core.Import;
using RecSys.Core.Import.DataSets;
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
    private const string AllTargets = "all";

    public static Command Create()
    {
        var protocol = new Option<string>("--protocol") { Description = "How the log is split",
            DefaultValueFactory = _ => LeaveOneOutEvaluation.Protocol };
        protocol.AcceptOnlyFromAmong(LeaveOneOutEvaluation.Protocol, TimeSplitEvaluation.Protocol, GlobalTimeEvaluation.Protocol, ColdItems,
            NewUserEvaluation.Protocol, KuaiRandChallengeEvaluation.Protocol);
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
            "global-time: which new items of each user in the test part are to be predicted", DefaultValueFactory = _ => AllTargets };
        target.AcceptOnlyFromAmong([AllTargets, .. TargetChoices.All.Select(TargetChoices.NameOf)]);
        var seeds = new Option<int>("--seeds") { HelpName = "number", DefaultValueFactory = _ => 1, Description =
            "leave-one-out: fit the models so often, with other seeds, and tell how far they differ" };
        var files = new Option<string?>("--files") { HelpName = "folder", Description =
            "kuairand-challenge: the published files of KuaiRand-Pure, whose rows the test counts" };
        var command = new Command("evaluate", "Compare random, popular, item-knn, retrieval and two-stage offline")
        {
            CommonOptions.Data, protocol, json, rows, trainUntil, validateUntil, groups, target, seeds, files, CommonOptions.Tune,
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
            if (arguments.GetValue(rows) is not null && arguments.GetValue(protocol) is ColdItems or NewUserEvaluation.Protocol
                or KuaiRandChallengeEvaluation.Protocol)
                throw new RecSysException($"--rows writes what models make of choices and impressions, which {arguments.GetValue(protocol)} "
                    + $"does not compare; use --protocol {TimeSplitEvaluation.Protocol}, or leave --rows out.");
            if (arguments.GetValue(rows) is not null && arguments.GetValue(protocol) == GlobalTimeEvaluation.Protocol
                && arguments.GetValue(target) == AllTargets)
                throw new RecSysException("--rows writes the rows of one choice of targets; add --target successive, last or first.");
            if (arguments.GetValue(seeds) != 1
                && (arguments.GetValue(seeds) < 1 || arguments.GetValue(protocol) != LeaveOneOutEvaluation.Protocol))
                throw new RecSysException("--seeds is a number from 1 on and needs --protocol leave-one-out.");
            if (arguments.GetValue(groups) && arguments.GetValue(protocol) != TimeSplitEvaluation.Protocol)
                throw new RecSysException("--groups judges impressions, so it needs --protocol time-split.");
            if (arguments.GetValue(protocol) == ColdItems)
            {
                await EvaluateColdItemsAsync(database, options, output, cancellationToken);
                return;
            }
            if (arguments.GetValue(protocol) == KuaiRandChallengeEvaluation.Protocol)
            {
                await EvaluateChallengeAsync(database, options, arguments.GetValue(files), output, cancellationToken);
                return;
            }
            if (arguments.GetValue(protocol) == NewUserEvaluation.Protocol)
            {
                await EvaluateNewUsersAsync(database, options, output, cancellationToken);
                return;
            }
            IReadOnlyList<EvaluationReport> reports;
            using (var display = new ProgressDisplay())
            {
                var progress = new StepClock(display, TimeProvider.System);
                var log = (await database.Log.ReadAsync(null, null, cancellationToken)).WithUsersMerged();
                // The published comparison along the time line leaves tied times in the order of the files.
                if (arguments.GetValue(protocol) != GlobalTimeEvaluation.Protocol) log = TiedTimes.Shuffle(log, options.Seed);
                progress.Report(new WorkProgress("read the log", log.Events.Length, log.Events.Length, "events"));
                reports = arguments.GetValue(protocol) switch
                {
                    LeaveOneOutEvaluation.Protocol =>
                        [new LeaveOneOutEvaluation(FeatureCatalogue.Default, options).Run(log, progress, cancellationToken, arguments.GetValue(seeds))],
                    GlobalTimeEvaluation.Protocol =>
                        new GlobalTimeEvaluation(FeatureCatalogue.Default, options)
                        .Run(log, TargetsOf(arguments.GetValue(target)!), progress, cancellationToken),
                    _ => [new TimeSplitEvaluation(FeatureCatalogue.Default, options).Run(
                        log, SplitOf(log, arguments.GetValue(trainUntil), arguments.GetValue(validateUntil)), arguments.GetValue(groups),
                        progress, cancellationToken)],
                };
                var run = RunOf(options, progress);
                reports = [.. reports.Select(report => report with { Run = run })];
            }
            foreach (var report in reports) Console.WriteLine(report.ToTable());
            if (output is not null)
                await File.WriteAllTextAsync(output, string.Join('\n', reports.Select(report => report.ToJson())), cancellationToken);
            if (arguments.GetValue(rows) is { } file && reports[0].Outcomes is { } outcomes)
                TestRowsFile.Write(file, outcomes,
                    await database.Log.RequestIdsAsync(TestRowsFile.Positions(outcomes), cancellationToken));
        });
        return command;
    }

    private static IReadOnlyList<TargetChoice> TargetsOf(string name) =>
        name == AllTargets ? TargetChoices.All : [TargetChoices.Parse(name)];

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

    private static async Task EvaluateChallengeAsync(IDatabase database, TrainingOptions options, string? files, string? output,
        CancellationToken cancellationToken)
    {
        if (files is null)
            throw new RecSysException($"--protocol {KuaiRandChallengeEvaluation.Protocol} needs --files DIR, the folder that was imported: "
                + "the test counts rows of the files, some of which occur twice.");
        options.Label = EventType.LongView.ToName();
        KuaiRandChallengeReport report;
        using (var progress = new ProgressDisplay())
        {
            var test = KuaiRandDays.ReadLongViews(files, KuaiRandChallengeEvaluation.FirstDay, KuaiRandChallengeEvaluation.LastDay,
                new ImportOptions(database.DataFolder), progress, cancellationToken);
            report = new KuaiRandChallengeEvaluation(FeatureCatalogue.Default, options).Run(
                await database.Log.ReadAsync(null, null, cancellationToken), test, progress, cancellationToken);
        }
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
