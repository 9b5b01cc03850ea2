using System.CommandLine;
using RecSys.Api.Hosting;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation.OffPolicy;
using RecSys.Core.Storage;

namespace RecSys.Api.Commands;

/// <summary><c>evaluate --protocol off-policy</c>: judges a policy by the served records of another one; nothing is trained.</summary>
internal static class EvaluateOffPolicy
{
    /// <exception cref="RecSysException">There are no such records, or they cannot be used.</exception>
    public static async Task RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        EvaluateOptions.Check(arguments);
        var options = Settings.OffPolicy();
        var (behaviour, target) = (arguments.GetValue(EvaluateOptions.Behaviour)!, arguments.GetValue(EvaluateOptions.TargetPolicy)!);
        await using var database = await Databases.OpenExistingAsync(arguments.GetValue(CommonOptions.Data)!, cancellationToken);
        IReadOnlyList<PolicyLog> logs;
        using (var progress = new ProgressDisplay())
            logs = await new PolicyLogReader(database.ServedRecords, database.EventLog)
                .ReadAsync(arguments.GetValue(EvaluateOptions.Scenario), progress, cancellationToken);
        if (logs.Count == 0)
            throw new RecSysException("No served lists are stored that a policy could be judged by; import open-bandit, or serve with "
                + "Exploration:Share above 0.");
        // Placements differ in what they earn, and policies in how often they served each: each by itself.
        var judgements = logs.GroupBy(log => log.Scenario)
            .Select(scenario => PolicyJudging.Run([.. scenario], behaviour, target, options, cancellationToken)).ToList();
        var output = arguments.InvocationConfiguration.Output;
        foreach (var judgement in judgements) await output.WriteLineAsync(judgement.ToTable());
        if (arguments.GetValue(EvaluateOptions.Json) is { } json)
            await File.WriteAllTextAsync(json, PolicyJudgement.ToJson(judgements), cancellationToken);
    }
}
