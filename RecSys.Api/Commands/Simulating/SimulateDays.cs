using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using RecSys.Api.Hosting;
using RecSys.Core.Domain;
using RecSys.Core.Simulation;
using RecSys.Core.Simulation.Policies;
using RecSys.Core.Simulation.Truth;

namespace RecSys.Api.Commands.Simulating;

/// <summary><c>simulate days</c>: one world day by day under one policy, and its logs as an app would write them.</summary>
internal static class SimulateDays
{
    public static Command Create()
    {
        var policy = new Option<string>("--policy") { Description = $"Makes the lists: {PolicyNames.All}",
            DefaultValueFactory = _ => "explore:0.1:popular" };
        var logs = new Option<string?>("--logs")
        {
            Description = "Also write items.jsonl, users.jsonl, events.jsonl (as import reads them) and lists.jsonl (with propensities)",
            HelpName = "folder",
        };
        var seeds = CommonOptions.InRange(
            new Option<int>("--seeds")
            {
                HelpName = "number", DefaultValueFactory = _ => 0,
                Description = "Run the server itself in so many worlds instead, retrained every night against the model of the first night",
            }, 1, 1000);
        var refit = new Option<bool>("--refit")
        {
            Description = "With --seeds: run a third system that refits each new model up to the newest event (Training:Nightly:Refit)",
        };
        var command = new Command("days", "Run a world day by day and print what happens")
        {
            seeds, refit,
            policy, SimulateArguments.World, SimulateArguments.Seed, SimulateArguments.Days, SimulateArguments.Items,
            SimulateArguments.Users, logs, SimulateArguments.Json,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var file = arguments.GetValue(SimulateArguments.Json);
            CommonOptions.RequireFolder("--json", file);
            if (arguments.GetValue(seeds) is > 0 and var worlds)
            {
                RequireNone(arguments, policy, logs);
                await SimulateRetraining.RunAsync(
                    arguments, worlds, Night(arguments.GetValue(refit) ? false : null), arguments.GetValue(refit) ? Night(true) : null,
                    cancellationToken);
                return;
            }
            if (arguments.GetValue(refit)) throw new RecSysException("--refit is about models that are trained; give --seeds, too.");
            var served = PolicyNames.Create(arguments.GetValue(policy)!);
            var world = LivingWorld.Create(SimulateArguments.Options(arguments));
            var start = Stopwatch.GetTimestamp();
            var days = await RunAsync(world, served, arguments.GetValue(logs), cancellationToken);
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            await PrintAsync(days, arguments.InvocationConfiguration.Output);
            if (file is null) return;
            await File.WriteAllTextAsync(file, new JsonObject
            {
                ["simulate"] = "days", ["world"] = arguments.GetValue(SimulateArguments.World), ["policy"] = served.Name,
                ["items"] = world.Items.Count, ["users"] = world.Users.Count, ["seed"] = world.Options.Seed,
                ["seconds"] = Math.Round(seconds, 2), ["days"] = new JsonArray([.. days.Select(Json)]),
            }.ToJsonString(), cancellationToken);
        });
        return command;
    }

    // The night as it is set, but for the refit where it is given.
    private static NightlyTraining Night(bool? refit)
    {
        var options = Settings.Training();
        options.Nightly.Refit = refit ?? options.Nightly.Refit;
        return new NightlyTraining(options);
    }

    private static void RequireNone(ParseResult arguments, params Option[] options)
    {
        foreach (var option in options.Where(option => arguments.GetResult(option) is { Implicit: false }))
            throw new RecSysException($"With --seeds the server makes the lists and keeps its log; leave {option.Name} out.");
    }

    private static async Task<List<DayTotals>> RunAsync(
        LivingWorld world, IServingPolicy policy, string? folder, CancellationToken cancellationToken)
    {
        using var writer = folder is null ? null : new WorldLogWriter(world, folder);
        using var progress = new ProgressDisplay();
        var days = new List<DayTotals>();
        long lists = 0;
        while (world.Day < world.Options.Days)
        {
            days.Add(await world.RunDayAsync(policy, writer is null ? null : writer.Write, cancellationToken));
            writer?.EndDay();
            lists += days[^1].Lists;
            progress.Report(new WorkProgress(
                "simulate", world.Day, world.Options.Days, "days", string.Create(CultureInfo.InvariantCulture, $"{lists:#,0} lists")));
        }
        return days;
    }

    private static async Task PrintAsync(List<DayTotals> days, TextWriter output)
    {
        await output.WriteLineAsync(
            " day  active  sessions    lists  clicks/list  satisfaction/list  purchases    left"
            + "  EUR: ad clicks  subscriptions  own sales  affiliate");
        foreach (var day in days)
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{day.Day + 1,4}{day.ActiveUsers,8}{day.Sessions,10}{day.Lists,9}{day.Clicks / (double)Math.Max(1, day.Lists),13:0.000}"
                + $"{day.Satisfaction / Math.Max(1, day.Lists),19:0.000}{day.Purchases,11}{day.Left,8}"
                + $"{day.Revenue(RevenueSource.AdClick),16:0.00}{day.Revenue(RevenueSource.Subscription),15:0.00}"
                + $"{day.Revenue(RevenueSource.Purchase),11:0.00}{day.Revenue(RevenueSource.Affiliate),11:0.00}"));
        }
    }

    private static JsonObject Json(DayTotals day)
    {
        var revenue = new JsonObject();
        foreach (var source in Enum.GetValues<RevenueSource>().Where(source => source != RevenueSource.None))
            revenue[source.ToName()] = Math.Round(day.Revenue(source), 4);
        return new JsonObject
        {
            ["day"] = day.Day + 1, ["active_users"] = day.ActiveUsers, ["sessions"] = day.Sessions, ["lists"] = day.Lists,
            ["impressions"] = day.Impressions, ["explored"] = day.Explored, ["clicks"] = day.Clicks,
            ["satisfaction"] = Math.Round(day.Satisfaction, 4), ["purchases"] = day.Purchases, ["subscriptions"] = day.Subscriptions,
            ["hides"] = day.Hides, ["left"] = day.Left, ["bot_clicks"] = day.BotClicks, ["revenue"] = revenue,
        };
    }
}
