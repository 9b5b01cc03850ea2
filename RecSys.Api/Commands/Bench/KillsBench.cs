using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using RecSys.Api.Hosting;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Storage;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// <c>bench kills</c>: posts events to a server of its own process that is killed (SIGKILL) and started again at random moments, also while
/// it starts. Then it looks whether each event that was acknowledged is in the log once, and whether the state after the restarts equals a
/// fold of the whole log.
/// </summary>
internal static class KillsBench
{
    // Every so many kills hit a server that is still starting.
    private const int InStartEvery = 3;
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(2);

    public static Command Create()
    {
        var events = CommonOptions.InRange(
            new Option<int>("--events") { Description = "Events to post", DefaultValueFactory = _ => 200_000 }, 100, 100_000_000);
        var kills = CommonOptions.InRange(
            new Option<int>("--kills") { Description = "How often the server is killed", DefaultValueFactory = _ => 10 }, 1, 1000);
        var clients = CommonOptions.InRange(
            new Option<int>("--clients") { Description = "Clients that post at the same time", DefaultValueFactory = _ => 8 }, 1, 1000);
        var batch = CommonOptions.InRange(new Option<int>("--batch") { Description = "Events per post", DefaultValueFactory = _ => 50 }, 1,
            1000);
        var seed = CommonOptions.InRange(
            new Option<int>("--seed") { Description = "Draws the events and the moments", DefaultValueFactory = _ => 1 }, 0, int.MaxValue);
        var command = new Command("kills",
            "Acknowledged, lost and doubled events of a server that is killed again and again; adds the events to the data")
        {
            CommonOptions.Data, events, kills, clients, batch, seed,
        };
        command.SetAction((arguments, cancellationToken) => RunAsync(
            arguments.GetValue(CommonOptions.Data)!,
            arguments.GetValue(events), arguments.GetValue(kills), arguments.GetValue(clients), arguments.GetValue(batch),
            arguments.GetValue(seed), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string dataFolder, int events, int kills, int clients, int batch, int seed,
        CancellationToken cancellationToken)
    {
        var world = await BenchWorld.ReadAsync(dataFolder, cancellationToken);
        using var posting = new KillsPosting(world, events, batch, seed);
        var started = Stopwatch.GetTimestamp();
        var (starts, inStart) = await ServeAndKillAsync(dataFolder, posting, kills, clients, seed, cancellationToken);
        var wall = Stopwatch.GetElapsedTime(started);

        await using var database = await Databases.OpenExistingAsync(dataFolder, cancellationToken);
        var stored = await posting.CountAsync(database, cancellationToken);
        var audit = await new StateAudit(database, Settings.Events(), ServingState.Folds).RunAsync(cancellationToken);
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            bench = "kills",
            events,
            kills,
            kills_while_starting = inStart,
            clients,
            batch,
            acknowledged = posting.Acknowledged,
            acknowledged_lost = stored.Lost,
            stored_twice = stored.Twice,
            posts_repeated = posting.Repeated,
            told_as_duplicates = posting.Duplicates,
            items_put = posting.ItemsPut,
            items_lost = stored.ItemsLost,
            snapshot_position = audit.SnapshotPosition,
            log_position = audit.Position,
            users_compared = audit.Users,
            items_compared = audit.Items,
            differing = audit.Differing,
            start_s_p50 = Math.Round(starts[starts.Count / 2].TotalSeconds, 1),
            start_s_max = Math.Round(starts[^1].TotalSeconds, 1),
            wall_s = Math.Round(wall.TotalSeconds, 1),
        }));
        return stored is { Lost: 0, Twice: 0, ItemsLost: 0 } && audit.Differing.Count == 0 ? 0 : Failures.Failed;
    }

    private static async Task<(List<TimeSpan> Starts, int InStart)> ServeAndKillAsync(
        string dataFolder, KillsPosting posting, int kills, int clients, int seed, CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        // Snapshots all the time, so that kills meet them half written.
        string[] settings = ["--set", "Events:SnapshotMinutes=0.02", "--set", "Shutdown:DelaySeconds=0"];
        var moments = Enumerable.Range(0, kills).Select(_ => random.NextDouble() * 0.95).Order().ToArray();
        var (starts, inStart) = (new List<TimeSpan>(), 0);
        var server = await ServerProcess.StartAsync(dataFolder, cancellationToken, settings);
        try
        {
            posting.Address = server.Address;
            var clientsDone = posting.RunAsync(clients, cancellationToken);
            for (var kill = 0; kill < kills; kill++)
            {
                await posting.WaitForAsync(moments[kill], clientsDone, cancellationToken);
                await Task.Delay(random.Next(200), cancellationToken);
                await server.KillAsync();
                await server.DisposeAsync();
                if (kill % InStartEvery == 1 && kill < kills - 1)
                {
                    await KillWhileStartingAsync(dataFolder, random, settings, cancellationToken);
                    (kill, inStart) = (kill + 1, inStart + 1);
                }
                server = await ServerProcess.StartAsync(dataFolder, cancellationToken, settings);
                starts.Add(server.StartTime);
                posting.Address = server.Address;
            }
            await clientsDone;
            server.Stop();
            var code = await server.WaitForExitAsync(cancellationToken);
            if (code != 0) throw new RecSysException($"The server ended with code {code} when it was asked to stop.");
        }
        finally
        {
            await server.DisposeAsync();
        }
        starts.Sort();
        return (starts, inStart);
    }

    private static async Task KillWhileStartingAsync(string dataFolder, Random random, string[] settings,
        CancellationToken cancellationToken)
    {
        using var moment = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        moment.CancelAfter(random.NextDouble() * LongestStart);
        try
        {
            await using var server = await ServerProcess.StartAsync(dataFolder, moment.Token, settings);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Killed, as was meant.
        }
    }
}
