using System.CommandLine;
using System.Text.Json;
using RecSys.Api.Commands.Simulating;
using RecSys.Api.Hosting;
using RecSys.Core.Domain;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Simulation;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// <c>bench drift</c>: how often a server that nothing happens to says that something moved. A world lives through some days with lists of
/// what is popular, the server learns from them and serves the following ones; every hour both windows are judged. With <c>--shift</c> the
/// most shown category is taken out of the catalogue on the last day. In the end what the server counted stands beside what the stores
/// hold, and what warm days, nights and served days took of the processor. Nights cost most: they and their towers take their settings
/// from <c>--set Training:...</c> as those of a server do. One JSON object.
/// </summary>
internal static class DriftBench
{
    public static Command Create()
    {
        var (warm, days) = (Number("--warm-days", "Days before the server", 3), Number("--days", "Days of the server", 7));
        var (items, users) = (Number("--items", "Items", 1500), Number("--users", "Users", 1500));
        var seed = Number("--seed", "Seed of the world", 1);
        var sessions = CommonOptions.InRange(
            new Option<double>("--sessions") { Description = "Sessions of a user on a day", DefaultValueFactory = _ => 2 }, 0.01, 100);
        var nightly = new Option<bool>("--nightly") { Description = "Train every night, as a server does that has a schedule" };
        var shift = new Option<bool>("--shift") { Description = "Take the most shown category out of the catalogue on the last day" };
        var command = new Command("drift", "False alarms of an undrifted week, and whether a planted shift is named")
        {
            warm, days, items, users, seed, sessions, nightly, shift,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            TorchLibrary.Require();
            var options = WorldOptions.Small with
            {
                Items = arguments.GetValue(items), Users = arguments.GetValue(users), Seed = arguments.GetValue(seed),
                Days = arguments.GetValue(warm) + arguments.GetValue(days), SessionsPerUserPerDay = arguments.GetValue(sessions),
            };
            var home = Directory.CreateTempSubdirectory("recsys-drift-");
            try
            {
                using var progress = new ProgressDisplay();
                var run = new DriftRun(options, arguments.GetValue(warm), home.FullName, new NightlyTraining(Settings.Training()),
                    arguments.GetValue(nightly), arguments.GetValue(shift),
                    day => progress.Report(new WorkProgress("simulate", day, options.Days, "days")));
                await arguments.InvocationConfiguration.Output.WriteLineAsync(
                    JsonSerializer.Serialize(await run.RunAsync(cancellationToken)));
            }
            finally
            {
                home.Delete(recursive: true);
            }
        });
        return command;
    }

    private static Option<int> Number(string name, string description, int preset) => CommonOptions.InRange(
        new Option<int>(name) { Description = description, DefaultValueFactory = _ => preset }, 1, 1_000_000);
}
