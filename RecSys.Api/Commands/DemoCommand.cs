using System.CommandLine;
using RecSys.Api.Hosting;
using RecSys.Api.Hosting.Authentication;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Simulation;
using RecSys.Core.Storage.Sqlite;

namespace RecSys.Api.Commands;

/// <summary><c>demo</c>: a synthetic shop from nothing to served recommendations, with simulated visitors.</summary>
internal static class DemoCommand
{
    private const string Marker = "made-by-demo";

    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Folder of the demo; made anew by each run", DefaultValueFactory = _ => Path.Combine("data", "demo"), HelpName = "folder" };
        var items = CommonOptions.InRange(new Option<int>("--items") { Description = "Items of the world", DefaultValueFactory = _ => 20_000 }, 500, 1_000_000);
        var users = CommonOptions.InRange(new Option<int>("--users") { Description = "Users of the world", DefaultValueFactory = _ => 5_000 }, 500, 1_000_000);
        var rate = CommonOptions.InRange(new Option<int>("--traffic") { Description = "Simulated requests per second; 0 for none", DefaultValueFactory = _ => 5 }, 0, 1000);
        var command = new Command("demo", "Make a synthetic world, train both models, serve them and keep simulated visitors coming")
        {
            data, items, users, rate, CommonOptions.Address, CommonOptions.Port,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var settings = new ServerSettings(
                arguments.GetValue(data)!, arguments.GetValue(CommonOptions.Address)!, arguments.GetValue(CommonOptions.Port), "Development");
            var world = SyntheticWorld.Create(new WorldOptions
            {
                Items = arguments.GetValue(items),
                Users = arguments.GetValue(users),
                Start = TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(7),
            });
            await StoreAsync(world, settings.DataFolder, cancellationToken);
            await TrainCommand.RunAsync(settings.DataFolder, days: 0, tune: null, cancellationToken);

            using var visitors = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task traffic = Task.CompletedTask;
            await ServeCommand.RunAsync(
                settings,
                (app, address) =>
                {
                    PrintInvitation(world, address);
                    app.Lifetime.ApplicationStopping.Register(visitors.Cancel);
                    traffic = new DemoTraffic(world, address, app.Services.GetRequiredService<EventIngestion>())
                        .RunAsync(arguments.GetValue(rate), visitors.Token);
                },
                cancellationToken);
            await traffic;
        });
        return command;
    }

    private static async Task StoreAsync(SyntheticWorld world, string folder, CancellationToken cancellationToken)
    {
        Clear(folder);
        await using var database = await SqliteDatabase.OpenAsync(folder, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, Marker), "This folder is deleted when the demo starts again.\n", cancellationToken);
        using var progress = new ProgressDisplay();
        await using var load = await database.Bulk.BeginAsync(cancellationToken);
        await load.AddItemsAsync([.. world.Items], cancellationToken);
        await load.AddUsersAsync([.. world.Users], cancellationToken);
        long stored = 0;
        foreach (var batch in world.GenerateHistory().Chunk(20_000))
        {
            await load.AddEventsAsync(batch, cancellationToken);
            stored += batch.Length;
            progress.Report(new WorkProgress("simulate a week", stored, null, "events"));
        }
        await load.CommitAsync(cancellationToken);
        progress.Report(new WorkProgress("simulate a week", stored, stored, "events"));
    }

    private static void Clear(string folder)
    {
        if (!Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any()) return;
        if (!File.Exists(Path.Combine(folder, Marker)))
            throw new RecSysException($"{Path.GetFullPath(folder)} is not empty and was not made by the demo, which deletes its folder; choose another one with --data.");
        Directory.Delete(folder, recursive: true);
    }

    private static void PrintInvitation(SyntheticWorld world, string address)
    {
        var user = world.Users[0].Id;
        var token = DevelopmentKey.Issue(user, [Scopes.RecommendRead], TimeSpan.FromHours(24));
        Console.WriteLine($"""

            Ready. Ask for recommendations with

              curl -s '{address}/recommend?user_id={user}&num_items=20&device=mobile&include=timing' -H 'Authorization: Bearer {token}'

            Simulated visitors keep coming; Ctrl-C stops.

            """);
    }
}
