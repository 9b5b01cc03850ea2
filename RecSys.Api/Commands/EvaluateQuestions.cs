using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Import;
using RecSys.Core.Import.DataSets;
using RecSys.Core.Storage;
using RecSys.Core.Training;
using RecSys.Core.Training.Protocols;

namespace RecSys.Api.Commands;

/// <summary>Protocols that are no comparison of models over one split but a question each, with a report of its own.</summary>
internal static class EvaluateQuestions
{
    private static readonly JsonSerializerOptions SnakeCase = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <returns>False: the protocol is none of these.</returns>
    public static async Task<bool> AskAsync(
        ParseResult arguments, IDatabase database, TrainingOptions options, CancellationToken cancellationToken)
    {
        var (table, json) = arguments.GetValue(EvaluateOptions.Protocol) switch
        {
            EvaluateOptions.ColdItems =>
                await ColdItemsAsync(database, options, arguments.GetValue(EvaluateOptions.ColdShare) / 100, cancellationToken),
            NewUserEvaluation.Protocol => await NewUsersAsync(database, options, cancellationToken),
            KuaiRandChallengeEvaluation.Protocol =>
                await ChallengeAsync(database, options, arguments.GetValue(EvaluateOptions.Files), cancellationToken),
            _ => (null, null),
        };
        if (table is null) return false;
        Console.WriteLine(table);
        if (arguments.GetValue(EvaluateOptions.Json) is { } file) await File.WriteAllTextAsync(file, json, cancellationToken);
        return true;
    }

    private static async Task<(string Table, string Json)> ColdItemsAsync(
        IDatabase database, TrainingOptions options, double share, CancellationToken cancellationToken)
    {
        using var progress = new ProgressDisplay();
        var report = await ColdItemEvaluation.RunAsync(await database.Log.ReadAsync(null, null, cancellationToken), options, share,
            progress: progress, cancellationToken: cancellationToken);
        return (report.ToTable(), JsonSerializer.Serialize(report, SnakeCase));
    }

    private static async Task<(string Table, string Json)> NewUsersAsync(
        IDatabase database, TrainingOptions options, CancellationToken cancellationToken)
    {
        using var progress = new ProgressDisplay();
        var report = await NewUserEvaluation.RunAsync(await database.Log.ReadAsync(null, null, cancellationToken), options,
            ServedLists.StartAsync, progress: progress, cancellationToken: cancellationToken);
        return (report.ToTable(), JsonSerializer.Serialize(report, SnakeCase));
    }

    private static async Task<(string Table, string Json)> ChallengeAsync(
        IDatabase database, TrainingOptions options, string? files, CancellationToken cancellationToken)
    {
        if (files is null)
            throw new RecSysException($"--protocol {KuaiRandChallengeEvaluation.Protocol} needs --files DIR, the folder that was imported: "
                + "the test counts rows of the files, some of which occur twice.");
        options.Label = EventType.LongView.ToName();
        using var progress = new ProgressDisplay();
        var test = KuaiRandDays.ReadLongViews(files, KuaiRandChallengeEvaluation.FirstDay, KuaiRandChallengeEvaluation.LastDay,
            new ImportOptions(database.DataFolder), progress, cancellationToken);
        var report = new KuaiRandChallengeEvaluation(FeatureCatalogue.Default, options).Run(
            await database.Log.ReadAsync(null, null, cancellationToken), test, progress, cancellationToken);
        return (report.ToTable(), JsonSerializer.Serialize(report, SnakeCase));
    }
}
