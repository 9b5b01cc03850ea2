using System.CommandLine;
using RecSys.Api.Dashboard.Sessions;
using RecSys.Api.Hosting;
using RecSys.Api.Hosting.Authentication;
using RecSys.Api.Hosting.Connections;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Simulation;

namespace RecSys.Api.Commands;

/// <summary><c>demo</c>: a synthetic shop from nothing to served recommendations, with simulated visitors.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Folder of the demo; made anew by each run",
            DefaultValueFactory = _ => Path.Combine("data", "demo"), HelpName = "folder" };
        var items = CommonOptions.InRange(
            new Option<int>("--items") { Description = "Items of the world, at least 100", DefaultValueFactory = _ => 20_000 }, 100,
            1_000_000, "among fewer there is little to choose for lists of 20");
        var users = CommonOptions.InRange(
            new Option<int>("--users") { Description = "Users of the world, at least 200", DefaultValueFactory = _ => 5_000 }, 200,
            1_000_000, "a week of fewer may not have the 1,000 positive events that training needs");
        var rate = CommonOptions.InRange(
            new Option<int>("--traffic") { Description = "Simulated requests per second; 0 for none", DefaultValueFactory = _ => 5 }, 0,
            1000);
        var command = new Command("demo", "Make a synthetic world, train both models, serve them and keep simulated visitors coming")
        {
            data, items, users, rate, CommonOptions.Address, CommonOptions.Port,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var settings = new ServerSettings(
                arguments.GetValue(data)!, arguments.GetValue(CommonOptions.Address)!, arguments.GetValue(CommonOptions.Port),
                "Development")
            {
                // Nobody balances load here, and who presses Ctrl-C does not want to wait.
                Overrides = new Dictionary<string, string?> { ["Shutdown:DelaySeconds"] = "0" },
            };
            KestrelSetup.RequireFreeAddress(settings);
            // Found out before minutes of work.
            TorchLibrary.Require();
            var world = SyntheticWorld.Create(new WorldOptions
            {
                Items = arguments.GetValue(items),
                Users = arguments.GetValue(users),
                Start = TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(7),
            });
            await WorldStore.CreateAsync(world, settings.DataFolder, cancellationToken);
            await TrainCommand.RunAsync(settings.DataFolder, days: 0, tune: null, cancellationToken, quick: true);

            using var visitors = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task traffic = Task.CompletedTask;
            await ServeCommand.RunAsync(
                settings,
                (app, address) =>
                {
                    PrintInvitation(world, address, app.Services.GetService<SignInCodes>()?.Link(address), settings.DataFolder,
                        hasVisitors: arguments.GetValue(rate) > 0);
                    app.Lifetime.ApplicationStopping.Register(visitors.Cancel);
                    traffic = new DemoTraffic(world, address)
                        .RunAsync(arguments.GetValue(rate), visitors.Token);
                },
                cancellationToken);
            await traffic;
        });
        return command;
    }

    private static void PrintInvitation(SyntheticWorld world, string address, string? dashboard, string dataFolder, bool hasVisitors)
    {
        var user = world.Users[0].Id;
        var token = DevelopmentKey.Issue(user, [Scopes.RecommendRead], TimeSpan.FromHours(24));
        Console.WriteLine($"""

            Ready. {(dashboard is null ? "" : $"""
            See it at a glance; the link signs in the first who opens it, within an hour:

              {dashboard}

            """)}
            Ask for recommendations with

              curl -s '{address}/recommend?user_id={user}&num_items=20&device=mobile&include=timing' -H 'Authorization: Bearer {token}'

            Data and models are in {Path.GetFullPath(dataFolder)}; the next demo makes them anew.
            {(hasVisitors ? "Simulated visitors keep coming; Ctrl-C stops." : "Ctrl-C stops.")}

            """);
    }
}
