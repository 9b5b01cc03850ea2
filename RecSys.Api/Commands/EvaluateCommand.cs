using System.CommandLine;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using RecSys.Api.Hosting;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.OffPolicy;
using RecSys.Core.Features;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Storage;
using RecSys.Core.Training;
using RecSys.Core.Training.Protocols;

namespace RecSys.Api.Commands;

/// <summary><c>evaluate</c>: trains its own models on what a protocol allows and compares them; published models are not touched.</summary>
internal static class EvaluateCommand
{
    private static readonly JsonSerializerOptions AllSettings =
        new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public static Command Create()
    {
        var command = new Command("evaluate", "Compare baselines, retrieval and two-stage offline; docs/evaluation.md explains the tables")
        {
            CommonOptions.Data, EvaluateOptions.Protocol, EvaluateOptions.ColdShare, EvaluateOptions.Json, EvaluateOptions.Rows,
            EvaluateOptions.TrainUntil, EvaluateOptions.ValidateUntil, EvaluateOptions.Groups, EvaluateOptions.Target,
            EvaluateOptions.Ties, EvaluateOptions.Seeds,
            EvaluateOptions.Files, EvaluateOptions.Behaviour, EvaluateOptions.TargetPolicy, EvaluateOptions.Scenario, CommonOptions.Tune,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            if (arguments.GetValue(EvaluateOptions.Protocol) == PolicyJudging.Protocol)
            {
                await EvaluateOffPolicy.RunAsync(arguments, cancellationToken);
                return;
            }
            var options = Settings.Training();
            // Found out before minutes of work.
            TorchLibrary.Require();
            EvaluateOptions.Check(arguments);
            options.TuneBudget = arguments.GetValue(CommonOptions.Tune) ?? options.TuneBudget;
            await using var database = await Databases.OpenExistingAsync(arguments.GetValue(CommonOptions.Data)!, cancellationToken);
            var (counts, waiting) = await DataWarnings.WriteAsync(database, cancellationToken);
            IReadOnlyList<EvaluationReport> reports;
            try
            {
                if (await EvaluateQuestions.AskAsync(arguments, database, options, cancellationToken)) return;
                reports = await CompareAsync(arguments, database, options, cancellationToken);
            }
            catch (RecSysException failure) when (waiting is not null)
            {
                throw DataWarnings.With(failure, waiting, counts);
            }
            foreach (var report in reports) Console.WriteLine(report.ToTable());
            if (arguments.GetValue(EvaluateOptions.Json) is { } json)
                await File.WriteAllTextAsync(json, string.Join('\n', reports.Select(report => report.ToJson())), cancellationToken);
            if (arguments.GetValue(EvaluateOptions.Rows) is { } rows && reports[0].Outcomes is { } outcomes)
                TestRowsFile.Write(rows, outcomes,
                    await database.Log.RequestIdsAsync(TestRowsFile.Positions(outcomes), cancellationToken));
        });
        return command;
    }

    private static async Task<IReadOnlyList<EvaluationReport>> CompareAsync(
        ParseResult arguments, IDatabase database, TrainingOptions options, CancellationToken cancellationToken)
    {
        using var display = new ProgressDisplay();
        var progress = new StepClock(display, TimeProvider.System);
        var protocol = arguments.GetValue(EvaluateOptions.Protocol);
        var log = (await database.Log.ReadAsync(null, null, cancellationToken)).WithUsersMerged();
        // The published comparison along the time line leaves tied times in the order of the files.
        var tiesBy = arguments.GetValue(EvaluateOptions.Ties)
            ?? (protocol == GlobalTimeEvaluation.Protocol ? TimeQuality.ByFile : TimeQuality.BySeed);
        if (tiesBy == TimeQuality.BySeed) log = TiedTimes.Shuffle(log, options.Seed);
        progress.Report(new WorkProgress("read the log", log.Events.Length, log.Events.Length, "events"));
        IReadOnlyList<EvaluationReport> reports = protocol switch
        {
            LeaveOneOutEvaluation.Protocol =>
                [new LeaveOneOutEvaluation(FeatureCatalogue.Default, options)
                    .Run(log, progress, cancellationToken, arguments.GetValue(EvaluateOptions.Seeds))],
            GlobalTimeEvaluation.Protocol =>
                new GlobalTimeEvaluation(FeatureCatalogue.Default, options)
                    .Run(log, TargetsOf(arguments.GetValue(EvaluateOptions.Target)!), progress, cancellationToken),
            _ => [new TimeSplitEvaluation(FeatureCatalogue.Default, options).Run(
                log, SplitOf(log, arguments.GetValue(EvaluateOptions.TrainUntil), arguments.GetValue(EvaluateOptions.ValidateUntil)),
                arguments.GetValue(EvaluateOptions.Groups), progress, cancellationToken)],
        };
        var run = new EvaluationRun(
            typeof(EvaluateCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            options.Seed, JsonSerializer.SerializeToElement(options, AllSettings), progress.Read());
        return [.. reports.Select(report => report with { Run = run, Times = report.Times! with { TiesBy = tiesBy } })];
    }

    private static IReadOnlyList<TargetChoice> TargetsOf(string name) =>
        name == EvaluateOptions.AllTargets ? TargetChoices.All : [TargetChoices.Parse(name)];

    private static TimeSplit SplitOf(InteractionLog log, DateTimeOffset? trainUntil, DateTimeOffset? validateUntil)
    {
        if (trainUntil is null && validateUntil is null) return TimeSplit.CreateByFractions(log);
        if (trainUntil is null || validateUntil is null || validateUntil <= trainUntil)
            throw new RecSysException("--train-until and --validate-until go together, the second later than the first.");
        return TimeSplit.Create(log, trainUntil.Value, validateUntil.Value);
    }
}
