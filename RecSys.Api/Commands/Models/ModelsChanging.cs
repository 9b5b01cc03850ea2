using System.CommandLine;
using RecSys.Core.Domain;
using RecSys.Core.Models;
using RecSys.Core.Storage.ModelStates;

namespace RecSys.Api.Commands.Models;

/// <summary>The subcommands of <c>models</c> that change a state; running servers follow within seconds.</summary>
internal static class ModelsChanging
{
    public static Command Promote() => Changing(
        "promote", "Make a version the champion; running servers swap to it within seconds", "promoted by hand",
        async (registry, version, reason, cancellationToken) =>
        {
            var change = (await registry.PromoteAsync(version, null, null, OpenRegistry.Actor, reason, cancellationToken)).OrThrow();
            return $"{change.Version} is champion.";
        });

    public static Command Rollback()
    {
        var reason = Reason(required: false);
        var command = new Command("rollback", "Go back to the champion before this one") { reason, CommonOptions.Data };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var why = Checked(arguments.GetValue(reason) ?? "rolled back by hand");
            await using var open = await OpenRegistry.OpenAsync(arguments.GetValue(CommonOptions.Data)!, cancellationToken);
            var before = (await open.Registry.ReadChampionAsync(cancellationToken))?.Version;
            var change = (await open.Registry.RollbackAsync(
                before, null, OpenRegistry.Actor, why, cancellationToken)).OrThrow();
            await arguments.InvocationConfiguration.Output.WriteLineAsync($"{change.Version} is champion again; {before} is retired.");
        });
        return command;
    }

    public static Command Quarantine() => Changing(
        "quarantine", "Take a version out of use; a champion gives its place back to the one before", null,
        async (registry, version, reason, cancellationToken) =>
        {
            var change = (await registry.TransitionAsync(
                version, ModelState.Quarantined, null, OpenRegistry.Actor, reason, cancellationToken)).OrThrow();
            return change.Version == version
                ? $"{version} is quarantined." : $"{version} is quarantined; {change.Version} is champion again.";
        });

    public static Command Release() => Changing(
        "release", "Stage a version that was rejected, quarantined or retired, so that it can be promoted", null,
        async (registry, version, reason, cancellationToken) =>
        {
            (await registry.TransitionAsync(version, ModelState.Staging, null, OpenRegistry.Actor, reason, cancellationToken)).OrThrow();
            return $"{version} is staged.";
        });

    private static Command Changing(
        string name, string description, string? usualReason, Func<ModelRegistry, string, string, CancellationToken, Task<string>> change)
    {
        var version = new Argument<string>("version") { Description = "Such as v1.0.2" };
        var reason = Reason(required: usualReason is null);
        var command = new Command(name, description) { version, reason, CommonOptions.Data };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var why = Checked(arguments.GetValue(reason) ?? usualReason!);
            await using var open = await OpenRegistry.OpenAsync(arguments.GetValue(CommonOptions.Data)!, cancellationToken);
            await arguments.InvocationConfiguration.Output.WriteLineAsync(
                await change(open.Registry, arguments.GetValue(version)!, why, cancellationToken));
        });
        return command;
    }

    private static string Checked(string reason) => ModelRegistry.IsReason(reason) ? reason
        : throw new RecSysException($"--reason takes 1 to {ModelRegistry.MaxTextLength} characters on one line.");

    private static Option<string?> Reason(bool required) =>
        new("--reason") { Description = "Why; kept with the change", HelpName = "text", Required = required };
}
