using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using RecSys.Core.Domain;
using RecSys.Core.Simulation;
using RecSys.Core.Simulation.Policies;
using RecSys.Core.Simulation.Truth;

namespace RecSys.Api.Commands.Simulating;

/// <summary><c>simulate truth</c>: what lists are worth, exactly, after some days under a policy.</summary>
internal static class SimulateTruth
{
    private static readonly string[] Figures = ["clicks", "satisfaction", "revenue", "purchases", "leaves", "sessions_next_day"];

    public static Command Create()
    {
        var policies = new Option<string>("--policies")
        {
            Description = $"Comma-separated: {PolicyNames.All}; click, satisfaction and revenue make the true best lists",
            DefaultValueFactory = _ => "random,popular,click,satisfaction,revenue",
        };
        var before = new Option<string>("--before") { Description = "Policy of the days before", DefaultValueFactory = _ => "popular" };
        var user = new Option<int?>("--user")
        {
            Description = "Number of one user; all who have not left when left out", HelpName = "number",
            CustomParser = result =>
            {
                if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
                result.AddError("--user must be the number of a user, from 0 on.");
                return null;
            },
        };
        var list = new Option<string?>("--list") { Description = "With --user: also the value of this list", HelpName = "id,id,..." };
        var command = new Command("truth", "Print what the lists of policies are worth in truth at 20 h after the last day")
        {
            policies, before, user, list, SimulateArguments.World, SimulateArguments.Seed, SimulateArguments.Days, SimulateArguments.Items,
            SimulateArguments.Users, SimulateArguments.Json,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var file = arguments.GetValue(SimulateArguments.Json);
            CommonOptions.RequireFolder("--json", file);
            var learner = PolicyNames.Create(arguments.GetValue(before)!);
            var names = arguments.GetValue(policies)!.Split(',', StringSplitOptions.TrimEntries);
            IServingPolicy[] asked = [.. names.Select(name => name == learner.Name ? learner : PolicyNames.Create(name))];
            var world = LivingWorld.Create(SimulateArguments.Options(arguments));
            var shown = Items(world, arguments.GetValue(list), arguments.GetValue(user));
            var users = Users(world, arguments.GetValue(user));
            using (var progress = new ProgressDisplay())
            {
                // Whoever is asked later has learnt from the same lists.
                var lessons = new SharedLessons(learner, asked);
                while (world.Day < world.Options.Days)
                {
                    await world.RunDayAsync(lessons, cancellationToken: cancellationToken);
                    progress.Report(new WorkProgress("simulate", world.Day, world.Options.Days, "days"));
                }
            }
            var evening = world.Options.Start.AddDays(world.Day).AddHours(20);
            var rows = new List<(string Name, double[] Figures)>();
            if (shown is not null) rows.Add(("--list", Row(world.ValueOf(users[0], evening, shown))));
            foreach (var policy in asked) rows.Add((policy.Name, await MeanAsync(world, policy, users, evening, cancellationToken)));
            await PrintAsync(rows, arguments.InvocationConfiguration.Output);
            if (file is not null) await File.WriteAllTextAsync(file, Json(rows, world, learner).ToJsonString(), cancellationToken);
        });
        return command;
    }

    private static async Task<double[]> MeanAsync(
        LivingWorld world, IServingPolicy policy, int[] users, DateTimeOffset time, CancellationToken cancellationToken)
    {
        var sums = new double[Figures.Length];
        var counted = 0;
        foreach (var user in users.Where(user => !world.HasLeft(user)))
        {
            var list = await world.AskAsync(policy, user, time, cancellationToken);
            var row = Row(world.ValueOf(user, time, list.Slots.Select(slot => slot.Item).ToArray()));
            for (var i = 0; i < sums.Length; i++) sums[i] += row[i];
            counted++;
        }
        if (counted == 0) throw new RecSysException("No user is left to be shown a list; ask for fewer --days or another --user.");
        return [.. sums.Select(sum => sum / counted)];
    }

    private static double[] Row(ListValue value) =>
        [value.Clicks, value.Satisfaction, value.Revenue, value.Purchases, value.Leaves, value.SessionsNextDay];

    private static int[] Users(LivingWorld world, int? user) => user switch
    {
        null => [.. Enumerable.Range(0, world.Users.Count).Where(number => !world.IsBot(number))],
        { } number when number >= 0 && number < world.Users.Count => [number],
        _ => throw new RecSysException($"--user must be a number from 0 to {world.Users.Count - 1}."),
    };

    private static int[]? Items(LivingWorld world, string? list, int? user)
    {
        if (list is null) return null;
        if (user is null) throw new RecSysException("--list needs --user: a list is worth something to somebody.");
        return [.. list.Split(',', StringSplitOptions.TrimEntries).Select(id => world.NumberOf(id) is >= 0 and var number ? number
            : throw new RecSysException($"--list: {id} is no item of this world; its items are {world.Items[0].Id} to "
                + $"{world.Items[^1].Id}."))];
    }

    private static async Task PrintAsync(List<(string Name, double[] Figures)> rows, TextWriter output)
    {
        await output.WriteLineAsync("policy".PadRight(24) + string.Concat(Figures.Select(figure => figure.PadLeft(19))));
        foreach (var (name, figures) in rows)
            await output.WriteLineAsync(name.PadRight(24)
                + string.Concat(figures.Select(figure => figure.ToString("0.0000", CultureInfo.InvariantCulture).PadLeft(19))));
    }

    private static JsonObject Json(List<(string Name, double[] Figures)> rows, LivingWorld world, IServingPolicy before)
    {
        var lists = rows.Select(row =>
        {
            var entry = new JsonObject { ["policy"] = row.Name };
            for (var i = 0; i < Figures.Length; i++) entry[Figures[i]] = row.Figures[i];
            return (JsonNode)entry;
        });
        return new JsonObject
        {
            ["simulate"] = "truth", ["items"] = world.Items.Count, ["users"] = world.Users.Count, ["seed"] = world.Options.Seed,
            ["days"] = world.Day, ["before"] = before.Name, ["lists"] = new JsonArray([.. lists]),
        };
    }
}
