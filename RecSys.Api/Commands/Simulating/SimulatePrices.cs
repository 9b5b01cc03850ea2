using System.CommandLine;
using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Simulation;
using RecSys.Core.Simulation.Policies;
using RecSys.Core.Simulation.Truth;

namespace RecSys.Api.Commands.Simulating;

/// <summary><c>simulate prices</c>: the true effect of other prices, by paired worlds.</summary>
internal static class SimulatePrices
{
    public static Command Create()
    {
        var factors = new Option<string>("--factors")
        {
            Description = "Comma-separated factors of all prices, the base first",
            DefaultValueFactory = _ => "1,0.8,1.25,1.5",
        };
        var policy = new Option<string>("--policy") { Description = $"Makes the lists: {PolicyNames.All}",
            DefaultValueFactory = _ => "click" };
        var command = new Command("prices", "Run the same worlds at other prices and print what each brings, with 95 % intervals")
        {
            factors, policy, SimulateArguments.World, SimulateArguments.Seeds, SimulateArguments.Seed, SimulateArguments.Days,
            SimulateArguments.Items, SimulateArguments.Users, SimulateArguments.Threads, SimulateArguments.Json,
        };
        command.SetAction((arguments, cancellationToken) =>
        {
            var name = arguments.GetValue(policy)!;
            PolicyNames.Create(name);
            var arms = arguments.GetValue(factors)!.Split(',', StringSplitOptions.TrimEntries).Select(text => Arm(text, name)).ToList();
            return ComparisonReport.RunAsync("prices", arguments, arms, cancellationToken);
        });
        return command;
    }

    private static WorldArm Arm(string text, string policy)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var factor) || factor is not (> 0 and <= 100))
            throw new RecSysException($"--factors: \"{text}\" must be a number above 0 and at most 100, such as 1.25.");
        return new WorldArm("x" + text, () => PolicyNames.Create(policy)) { Change = options => WithPrices(options, factor) };
    }

    private static WorldOptions WithPrices(WorldOptions options, double factor) => options with
    {
        Behaviour = options.Behaviour! with { Money = options.Behaviour.Money with { PriceFactor = factor } },
    };
}
