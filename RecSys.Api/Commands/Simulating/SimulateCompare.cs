using System.CommandLine;
using RecSys.Core.Domain;
using RecSys.Core.Simulation.Policies;
using RecSys.Core.Simulation.Truth;

namespace RecSys.Api.Commands.Simulating;

/// <summary><c>simulate compare</c>: the true effect of another policy, by paired worlds.</summary>
internal static class SimulateCompare
{
    public static Command Create()
    {
        var policies = new Option<string>("--policies")
        {
            Description = $"Comma-separated, the base first: {PolicyNames.All}",
            DefaultValueFactory = _ => "click,satisfaction",
        };
        var command = new Command("compare", "Run policies in the same worlds and print what each brings, with 95 % intervals over seeds")
        {
            policies, SimulateArguments.World, SimulateArguments.Seeds, SimulateArguments.Seed, SimulateArguments.Days,
            SimulateArguments.Items, SimulateArguments.Users, SimulateArguments.Threads, SimulateArguments.Json,
        };
        command.SetAction((arguments, cancellationToken) =>
        {
            var names = arguments.GetValue(policies)!.Split(',', StringSplitOptions.TrimEntries);
            foreach (var name in names) PolicyNames.Create(name);
            if (names.Distinct().Count() != names.Length) throw new RecSysException("--policies names a policy twice.");
            return ComparisonReport.RunAsync(
                "compare", arguments, [.. names.Select(name => new WorldArm(name, () => PolicyNames.Create(name)))], cancellationToken);
        });
        return command;
    }
}
