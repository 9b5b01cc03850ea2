using System.CommandLine;
using System.Globalization;
using RecSys.Api.Hosting;
using RecSys.Core.Domain;
using RecSys.Core.Models;

namespace RecSys.Api.Commands;

/// <summary><c>models</c>: which versions there are and which one serves.</summary>
internal static class ModelsCommand
{
    public static Command Create() =>
        new("models", "List the model versions, or choose the one that serves") { List(), Promote(), Importance() };

    private static Command List()
    {
        var command = new Command("list", "Every version, newest first; * marks the champion") { CommonOptions.Data };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var registry = new ModelRegistry(new ServerSettings(arguments.GetValue(CommonOptions.Data)!).ModelsFolder);
            var output = arguments.InvocationConfiguration.Output;
            ChampionPointer? champion = null;
            RecSysException? unknown = null;
            try
            {
                champion = await registry.ReadChampionAsync(cancellationToken);
            }
            catch (RecSysException fault)
            {
                // The list is what is needed to choose another.
                unknown = fault;
            }
            foreach (var version in await registry.ListAsync(cancellationToken))
            {
                var mark = version.Version == champion?.Version ? '*' : ' ';
                var detail = version.Manifest is { } manifest && version.Reason is null
                    ? string.Create(CultureInfo.InvariantCulture, $"{manifest.CreatedAt:yyyy-MM-dd HH:mm}Z  {manifest.ItemCount} items")
                    : version.Reason;
                await output.WriteLineAsync($"{mark} {version.Version,-12} {version.State.ToString().ToLowerInvariant(),-8} {detail}");
            }
            if (unknown is not null) throw unknown;
        });
        return command;
    }

    private static Command Importance()
    {
        var version = new Argument<string?>("version") { Description = "Such as v1.0.2; the champion when left out",
            Arity = ArgumentArity.ZeroOrOne };
        var top = CommonOptions.InRange(new Option<int>("--top") { Description = "How many features", DefaultValueFactory = _ => 20 }, 1,
            100_000);
        var command =
            new Command("importance", "The features that the ranker of a version leans on most") { version, top, CommonOptions.Data };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var registry = new ModelRegistry(new ServerSettings(arguments.GetValue(CommonOptions.Data)!).ModelsFolder);
            var chosen = arguments.GetValue(version) ?? (await registry.ReadChampionAsync(cancellationToken))?.Version
                ?? throw new RecSysException("There is no champion; name a version, or train one.");
            var importance = await RankerImportance.ReadAsync(registry.FolderOf(chosen), cancellationToken);
            var output = arguments.InvocationConfiguration.Output;
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{chosen}: share of the gain of all splits, and loss of {importance.Metric} "
                    + $"({importance.Value:F4} on {importance.Rows} validation rows) when the feature is shuffled"));
            foreach (var feature in importance.Features.Take(arguments.GetValue(top)))
                await output.WriteLineAsync(
                    string.Create(CultureInfo.InvariantCulture, $"  {feature.Feature,-32} {feature.GainShare,8:F4} {feature.Loss,9:F5}"));
        });
        return command;
    }

    private static Command Promote()
    {
        var version = new Argument<string>("version") { Description = "Such as v1.0.2" };
        var command = new Command("promote", "Make a version the champion; running servers swap to it within seconds") { version,
            CommonOptions.Data };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var chosen = arguments.GetValue(version)!;
            await new ModelRegistry(new ServerSettings(arguments.GetValue(CommonOptions.Data)!).ModelsFolder)
                .SetChampionAsync(chosen, cancellationToken);
            await arguments.InvocationConfiguration.Output.WriteLineAsync($"{chosen} is champion.");
        });
        return command;
    }
}
