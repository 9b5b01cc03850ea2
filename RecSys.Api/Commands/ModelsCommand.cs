using System.CommandLine;
using System.Globalization;
using RecSys.Api.Hosting;
using RecSys.Core.Models;

namespace RecSys.Api.Commands;

/// <summary><c>models</c>: which versions there are and which one serves.</summary>
internal static class ModelsCommand
{
    public static Command Create() => new("models", "List the model versions, or choose the one that serves") { List(), Promote() };

    private static Command List()
    {
        var command = new Command("list", "Every version, newest first; * marks the champion") { CommonOptions.Data };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var registry = new ModelRegistry(new ServerSettings(arguments.GetValue(CommonOptions.Data)!).ModelsFolder);
            var champion = await registry.ReadChampionAsync(cancellationToken);
            foreach (var version in await registry.ListAsync(cancellationToken))
            {
                var mark = version.Version == champion?.Version ? '*' : ' ';
                var detail = version.Manifest is { } manifest && version.Reason is null
                    ? string.Create(CultureInfo.InvariantCulture, $"{manifest.CreatedAt:yyyy-MM-dd HH:mm}Z  {manifest.ItemCount} items")
                    : version.Reason;
                Console.WriteLine($"{mark} {version.Version,-12} {version.State.ToString().ToLowerInvariant(),-8} {detail}");
            }
        });
        return command;
    }

    private static Command Promote()
    {
        var version = new Argument<string>("version") { Description = "Such as v1.0.2" };
        var command = new Command("promote", "Make a version the champion; running servers swap to it within seconds") { version, CommonOptions.Data };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var chosen = arguments.GetValue(version)!;
            await new ModelRegistry(new ServerSettings(arguments.GetValue(CommonOptions.Data)!).ModelsFolder).SetChampionAsync(chosen, cancellationToken);
            Console.WriteLine($"{chosen} is champion.");
        });
        return command;
    }
}
