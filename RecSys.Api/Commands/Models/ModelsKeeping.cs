using System.CommandLine;
using RecSys.Api.Hosting;
using RecSys.Core.Domain;
using RecSys.Core.Models;

namespace RecSys.Api.Commands.Models;

/// <summary>The subcommands of <c>models</c> that look after the bundles: checks, signatures, room.</summary>
internal static class ModelsKeeping
{
    public static Command Verify()
    {
        var version = new Argument<string?>("version")
        {
            Description = "Such as v1.0.2; all when left out", Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("verify", "Read every file of the bundles: checksums, signature, and whether the store says the same")
        {
            version, CommonOptions.Data,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            await using var open = await OpenRegistry.OpenAsync(arguments.GetValue(CommonOptions.Data)!, cancellationToken);
            var verification = new ModelVerification(open.Registry);
            var chosen = arguments.GetValue(version);
            var versions = chosen is null
                ? await open.Registry.ListAsync(cancellationToken) : [await open.Registry.DescribeAsync(chosen, cancellationToken)];
            var faulty = 0;
            var output = arguments.InvocationConfiguration.Output;
            foreach (var each in versions)
            {
                var finding = await verification.RunAsync(each, cancellationToken);
                if (finding.Faults.Count > 0) faulty++;
                var signature = finding.Signature is { } found ? $"signature {found.State.ToString().ToLowerInvariant()}" : "no bundle";
                await output.WriteLineAsync(
                    $"{each.Version,-12} {each.StateName,-12} {(finding.Faults.Count == 0 ? "sound" : "FAULTY"),-7} {signature}");
                foreach (var fault in finding.Faults) await output.WriteLineAsync($"  {fault}");
            }
            if (faulty > 0)
                throw new RecSysException($"{faulty} of {versions.Count} versions are not sound; nothing was changed. Take one out of use "
                    + "with: models quarantine VERSION --reason \"...\".");
        });
        return command;
    }

    public static Command Sign()
    {
        var version = new Argument<string>("version") { Description = "Such as v1.0.2" };
        var command = new Command("sign", "Sign a bundle that is yours with the key of this process, after a check of every file")
        {
            version, CommonOptions.Data,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            await using var open = await OpenRegistry.OpenAsync(arguments.GetValue(CommonOptions.Data)!, cancellationToken);
            await open.Registry.SignAsync(arguments.GetValue(version)!, cancellationToken);
            await arguments.InvocationConfiguration.Output.WriteLineAsync($"{arguments.GetValue(version)} is signed.");
        });
        return command;
    }

    public static Command Collect()
    {
        var keep = CommonOptions.InRange(
            new Option<int>("--keep")
            {
                Description = "Retired and rejected versions to keep; Models:Keep when left out",
                DefaultValueFactory = _ => Settings.Models().Keep,
            }, 0, 10_000);
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be deleted" };
        var command = new Command("gc", "Delete the bundles of versions that were retired or rejected long ago")
        {
            keep, dryRun, CommonOptions.Data,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            await using var open = await OpenRegistry.OpenAsync(arguments.GetValue(CommonOptions.Data)!, cancellationToken);
            var collection = new ModelCollection(open.Registry);
            var output = arguments.InvocationConfiguration.Output;
            var found = await collection.FindAsync(arguments.GetValue(keep), cancellationToken);
            foreach (var each in found)
            {
                if (arguments.GetValue(dryRun)) await output.WriteLineAsync($"{each.Version} ({each.StateName}) would be deleted.");
                else if (await collection.RemoveAsync(each.Version, OpenRegistry.Actor, cancellationToken) is { } fault)
                    await arguments.InvocationConfiguration.Error.WriteLineAsync($"note: {each.Version} stays: {fault}");
                else await output.WriteLineAsync($"{each.Version} ({each.StateName}) was deleted.");
            }
            var torn = arguments.GetValue(dryRun) ? 0 : collection.CleanTorn();
            if (torn > 0) await output.WriteLineAsync($"Unfinished bundles of publishers that were ended, deleted: {torn}.");
            if (found.Count + torn == 0) await output.WriteLineAsync("Nothing to delete.");
        });
        return command;
    }
}
