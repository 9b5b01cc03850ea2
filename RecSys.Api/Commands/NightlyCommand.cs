using System.CommandLine;
using System.Globalization;
using RecSys.Api.Hosting;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Storage;
using RecSys.Core.Storage.Lake;
using RecSys.Core.Training.Nightly;

namespace RecSys.Api.Commands;

/// <summary>
/// <c>train nightly</c>: learns from the last closed days, compares the new model with the one that serves, and publishes it only where the
/// gate lets it through. Run again, it goes on behind the last finished step.
/// </summary>
internal static class NightlyCommand
{
    public static Command Create()
    {
        var day = CommonOptions.Day("--day", "Last received day to learn from (UTC); the last closed day when left out");
        var now = new Option<DateTimeOffset?>("--now")
        {
            Description = "The moment that counts as now, such as 2026-02-01T03:00:00Z, to repeat a night of the past",
            HelpName = "time",
            CustomParser = result =>
            {
                if (DateTimeOffset.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var parsed)
                    && parsed.Year is >= CommonOptions.FirstYear and < CommonOptions.EndYear)
                    return parsed;
                result.AddError("--now must be a time such as 2026-02-01T03:00:00Z, from 1970 to 2199.");
                return null;
            },
        };
        var from = new Option<string?>("--from") { Description = "Read the lake or the database's log; the lake where it has the days" };
        from.AcceptOnlyFromAmong("lake", "log");
        var fromStep = new Option<string?>("--from-step") { Description = "Make the results of this step and of those behind it anew" };
        fromStep.AcceptOnlyFromAmong([.. NightlyPipeline.Steps]);
        var dryRun = new Option<bool>("--dry-run") { Description = "Print which steps would run and which are kept; change nothing" };
        var command = new Command(
            "nightly", "Train on the last closed days, compare, and publish only what is better; resumes where it ended")
        {
            CommonOptions.Data, day, now, from, fromStep, dryRun,
        };
        command.SetAction(async (arguments, ct) =>
        {
            var request = new NightlyRequest
            {
                Day = arguments.GetValue(day), Now = arguments.GetValue(now), Source = arguments.GetValue(from),
                FromStep = arguments.GetValue(fromStep),
            };
            var dataFolder = arguments.GetValue(CommonOptions.Data)!;
            var console = arguments.InvocationConfiguration;
            // Found out before minutes of work.
            if (!arguments.GetValue(dryRun)) TorchLibrary.Require();
            await using var database = await Databases.OpenExistingAsync(dataFolder, ct);
            var lakeOptions = Settings.Lake();
            using var lake = LakeStores.Open(lakeOptions, dataFolder);
            var settings = new ServerSettings(dataFolder);
            var registry = Settings.Registry(settings, database.Models);
            if (!arguments.GetValue(dryRun)) registry.Trust.RequireSigning();
            var pipeline = new NightlyPipeline(
                database, lake, lakeOptions, registry, Settings.Training(), Settings.Rollout().Mode, TimeProvider.System);
            return arguments.GetValue(dryRun)
                ? await PlanAsync(pipeline, request, console.Output, ct) : await RunAsync(pipeline, request, console, ct);
        });
        return command;
    }

    private static async Task<int> PlanAsync(NightlyPipeline pipeline, NightlyRequest request, TextWriter output, CancellationToken ct)
    {
        foreach (var plan in await pipeline.PlanAsync(request, output.WriteLine, ct)) output.WriteLine(NightPrinting.Line(plan));
        return 0;
    }

    private static async Task<int> RunAsync(
        NightlyPipeline pipeline, NightlyRequest request, InvocationConfiguration console, CancellationToken ct)
    {
        NightResult result;
        using (var progress = new ProgressDisplay()) result = await pipeline.RunAsync(request, progress, console.Output.WriteLine, ct);
        NightPrinting.Print(console.Output, result);
        if (result.Outcome != NightOutcome.Stopped) return 0;
        console.Error.WriteLine($"error: The night was {result.Verdict}. The champion serves on; see {result.Folder}.");
        return Failures.Failed;
    }
}
