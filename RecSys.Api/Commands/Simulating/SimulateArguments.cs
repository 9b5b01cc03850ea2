using System.CommandLine;
using RecSys.Core.Simulation;

namespace RecSys.Api.Commands.Simulating;

/// <summary>Options that say which world is simulated.</summary>
internal static class SimulateArguments
{
    public static Option<string> World { get; } = WithPresets(new("--world")
    {
        Description = "Preset: small (articles, goods and ads), shop (goods, no impressions reported) or feed (quick, much clickbait)",
        DefaultValueFactory = _ => "small",
    });

    public static Option<int> Days { get; } = CommonOptions.InRange(
        new("--days") { Description = "Days; 0 for those of the preset", DefaultValueFactory = _ => 0 }, 0, 1000);

    public static Option<int> Items { get; } = CommonOptions.InRange(
        new("--items") { Description = "Items; 0 for those of the preset", DefaultValueFactory = _ => 0 }, 0, 1_000_000);

    public static Option<int> Users { get; } = CommonOptions.InRange(
        new("--users") { Description = "Users; 0 for those of the preset", DefaultValueFactory = _ => 0 }, 0, 1_000_000);

    public static Option<int> Seed { get; } = CommonOptions.InRange(
        new("--seed") { Description = "Seed of the world; the first of several", DefaultValueFactory = _ => 1 }, 0, 1_000_000);

    public static Option<int> Seeds { get; } = CommonOptions.InRange(
        new("--seeds") { Description = "Worlds, with seeds one after another", DefaultValueFactory = _ => 20 }, 2, 1000);

    public static Option<int> Threads { get; } = CommonOptions.InRange(
        new("--threads") { Description = "Worlds at a time; 0 for one per processor", DefaultValueFactory = _ => 0 }, 0, 256);

    public static Option<string?> Json { get; } = new("--json")
    {
        Description = "Also write the figures to this file; docs/simulation.md names its keys",
        HelpName = "file",
    };

    /// <summary>The world that the arguments describe.</summary>
    public static WorldOptions Options(ParseResult arguments)
    {
        var preset = WorldOptions.LivingPreset(arguments.GetValue(World)!);
        return preset with
        {
            Seed = arguments.GetValue(Seed),
            Days = Or(arguments.GetValue(Days), preset.Days),
            Items = Or(arguments.GetValue(Items), preset.Items),
            Users = Or(arguments.GetValue(Users), preset.Users),
        };
    }

    public static int ThreadsOf(ParseResult arguments) => Or(arguments.GetValue(Threads), Environment.ProcessorCount);

    private static int Or(int value, int preset) => value == 0 ? preset : value;

    private static Option<string> WithPresets(Option<string> option)
    {
        option.AcceptOnlyFromAmong([.. WorldOptions.LivingPresets]);
        return option;
    }
}
