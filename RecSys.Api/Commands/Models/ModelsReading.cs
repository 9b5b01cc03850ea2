using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using RecSys.Api.Contracts;
using RecSys.Core.Domain;
using RecSys.Core.Models;
using RecSys.Core.Storage.ModelStates;
using RecSys.Core.Training.Nightly;

namespace RecSys.Api.Commands.Models;

/// <summary>The subcommands of <c>models</c> that only look.</summary>
internal static class ModelsReading
{
    public static Command List()
    {
        var json = Json();
        var command = new Command("list", "Every version, newest first; * marks the champion") { json, CommonOptions.Data };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            await using var open = await OpenRegistry.OpenAsync(arguments.GetValue(CommonOptions.Data)!, cancellationToken);
            var versions = await open.Registry.ListAsync(cancellationToken);
            var output = arguments.InvocationConfiguration.Output;
            if (arguments.GetValue(json))
            {
                var champion = versions.FirstOrDefault(version => version.Record?.State == ModelState.Champion)?.Version;
                var page = new ModelPage(champion, null, [.. versions.Select(version => ModelBody.Of(version))], null);
                await output.WriteLineAsync(JsonSerializer.Serialize(page, ApiJson.Default.ModelPage));
                return;
            }
            foreach (var line in ModelsTable.List(versions, await open.JudgedAsync(cancellationToken))) await output.WriteLineAsync(line);
        });
        return command;
    }

    public static Command Show()
    {
        var (version, json) = (OneVersion(), Json());
        var command = new Command("show", "One version: where it comes from, what it reached, and its history") { version, json,
            CommonOptions.Data };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            await using var open = await OpenRegistry.OpenAsync(arguments.GetValue(CommonOptions.Data)!, cancellationToken);
            var chosen = await ChosenAsync(open.Registry, arguments.GetValue(version), cancellationToken);
            var found = await open.Registry.DescribeAsync(chosen, cancellationToken);
            var details = await ModelDetails.ReadAsync(open.Registry, found, null, cancellationToken)
                ?? throw new RecSysException(found.Fault!);
            var output = arguments.InvocationConfiguration.Output;
            if (arguments.GetValue(json)) await output.WriteLineAsync(JsonSerializer.Serialize(details, ApiJson.Default.ModelDetails));
            else foreach (var line in ModelsTable.Show(details)) await output.WriteLineAsync(line);
        });
        return command;
    }

    public static Command Diff()
    {
        var first = new Argument<string>("first") { Description = "Such as v1.0.1" };
        var second = new Argument<string>("second") { Description = "Such as v1.0.2" };
        var (top, json) = (Top(), Json());
        var command = new Command("diff", "What differs between two versions: metrics, options, features, window, importance")
        {
            first, second, top, json, CommonOptions.Data,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            await using var open = await OpenRegistry.OpenAsync(arguments.GetValue(CommonOptions.Data)!, cancellationToken);
            var one = await ReadAsync(open.Registry, arguments.GetValue(first)!, cancellationToken);
            var other = await ReadAsync(open.Registry, arguments.GetValue(second)!, cancellationToken);
            var comparison = ModelComparison.Of(one.Manifest, other.Manifest, one.Importance, other.Importance);
            comparison = comparison with { Importance = [.. comparison.Importance.Take(arguments.GetValue(top))] };
            var judged = JudgedNight.OfBoth(
                await open.JudgedAsync(cancellationToken), comparison.First.Version, comparison.Second.Version);
            var output = arguments.InvocationConfiguration.Output;
            if (arguments.GetValue(json))
                await output.WriteLineAsync(JsonSerializer.Serialize(ModelDiffBody.Of(comparison, judged), ApiJson.Default.ModelDiffBody));
            else foreach (var line in ModelsTable.Diff(comparison, judged)) await output.WriteLineAsync(line);
        });
        return command;
    }

    public static Command Importance()
    {
        var (version, top) = (OneVersion(), Top());
        var command =
            new Command("importance", "The features that the ranker of a version leans on most") { version, top, CommonOptions.Data };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            await using var open = await OpenRegistry.OpenAsync(arguments.GetValue(CommonOptions.Data)!, cancellationToken);
            var chosen = await ChosenAsync(open.Registry, arguments.GetValue(version), cancellationToken);
            var importance = await RankerImportance.ReadAsync(open.Registry.FolderOf(chosen), cancellationToken);
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

    private static async Task<(BundleManifest Manifest, RankerImportance? Importance)> ReadAsync(
        ModelRegistry registry, string version, CancellationToken cancellationToken)
    {
        var found = await registry.DescribeAsync(version, cancellationToken);
        if (found.Manifest is not { } manifest) throw new RecSysException(found.Fault!);
        return (manifest, manifest.Files.ContainsKey(BundleFiles.Importance)
            ? await RankerImportance.ReadAsync(registry.FolderOf(version), cancellationToken) : null);
    }

    private static async Task<string> ChosenAsync(ModelRegistry registry, string? named, CancellationToken cancellationToken) =>
        named ?? (await registry.ReadChampionAsync(cancellationToken))?.Version
            ?? throw new RecSysException("There is no champion; name a version, or train one.");

    private static Argument<string?> OneVersion() =>
        new("version") { Description = "Such as v1.0.2; the champion when left out", Arity = ArgumentArity.ZeroOrOne };

    private static Option<int> Top() => CommonOptions.InRange(
        new Option<int>("--top") { Description = "How many features", DefaultValueFactory = _ => 20 }, 1, 100_000);

    private static Option<bool> Json() => new("--json") { Description = "One JSON object instead of text" };
}
