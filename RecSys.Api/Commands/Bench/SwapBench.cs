using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using RecSys.Api.Hosting;
using RecSys.Core.Models;
using RecSys.Core.Recommendations;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// <c>bench swaps</c>: exchanges the champion for a copy of it and back while requests come at a fixed rate, as a rollout does: through the
/// registry, with every check of the loader. Tells what requests took meanwhile beside what they take without swaps, the longest wait for a
/// lease on the champion, and how many replies failed. The copy is left out of the folder afterwards. One JSON object.
/// </summary>
internal static class SwapBench
{
    private const string Actor = "bench swaps";

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var swaps = CommonOptions.InRange(new Option<int>("--swaps") { Description = "Swaps", DefaultValueFactory = _ => 100 }, 1, 100_000);
        var rate = CommonOptions.InRange(
            new Option<int>("--rate") { Description = "Requests per second", DefaultValueFactory = _ => 100 }, 1, 10_000);
        var command = new Command("swaps", "What requests feel of a change of the champion") { CommonOptions.Data, swaps, rate };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var settings = ServerSettings.Within(arguments.GetValue(CommonOptions.Data)!);
            await using var state = await ServingState.LoadAsync(settings, progress: null, cancellationToken);
            await using var app = ApiServer.Build(settings, state);
            await ApiServer.StartAsync(app, settings, cancellationToken);
            var result = await MeasureAsync(app.Services, settings, arguments.GetValue(swaps), arguments.GetValue(rate), cancellationToken);
            await arguments.InvocationConfiguration.Output.WriteLineAsync(JsonSerializer.Serialize(result));
            await app.StopAsync(CancellationToken.None);
        });
        return command;
    }

    private static async Task<object> MeasureAsync(
        IServiceProvider services, ServerSettings settings, int swaps, int rate, CancellationToken cancellationToken)
    {
        var registry = services.GetRequiredService<ModelRegistry>();
        var pool = services.GetRequiredService<ModelPool<ServingModel>>();
        var watcher = services.GetRequiredService<ChampionWatcher>();
        var users = (await BenchWorld.ReadAsync(settings.DataFolder, cancellationToken)).Users;
        var (one, other) = (pool.Champion!, await registry.NextVersionAsync(cancellationToken));
        await CopyAsync(registry, one, other, cancellationToken);
        try
        {
            // Both are loaded and warm, as champion and previous one are.
            foreach (var version in (string[])[other, one]) await SwapAsync(registry, watcher, pool, version, cancellationToken);
            using var load = new SwapLoad(services.GetRequiredService<Recommender>(), pool, users, rate);
            await load.RunAsync(Task.Delay(Quiet, cancellationToken), cancellationToken);
            var before = await load.RunAsync(Task.Delay(Quiet, cancellationToken), cancellationToken);
            var start = Stopwatch.GetTimestamp();
            var during = await load.RunAsync(SwapAllAsync(), cancellationToken);
            return new
            {
                bench = "swaps",
                swaps,
                swaps_per_s = Math.Round(swaps / Stopwatch.GetElapsedTime(start).TotalSeconds, 1),
                rate,
                quiet = before,
                swapping = during,
            };
        }
        finally
        {
            await SwapAsync(registry, watcher, pool, one, CancellationToken.None);
            await new ModelCollection(registry).RemoveAsync(other, Actor, CancellationToken.None);
        }

        async Task SwapAllAsync()
        {
            for (var swap = 0; swap < swaps; swap++)
            {
                await SwapAsync(registry, watcher, pool, swap % 2 == 0 ? other : one, cancellationToken);
                // Requests that begin between two swaps, too.
                await Task.Delay(50, cancellationToken);
            }
        }
    }

    private static async Task SwapAsync(
        ModelRegistry registry, ChampionWatcher watcher, ModelPool<ServingModel> pool, string version, CancellationToken cancellationToken)
    {
        (await registry.PromoteAsync(version, null, null, Actor, "swapped", cancellationToken)).OrThrow();
        while (pool.Champion != version)
        {
            if (!await watcher.CheckAsync(cancellationToken) && pool.Champion != version)
                throw new InvalidOperationException($"{version} was not taken in; the log says why.");
        }
    }

    /// <summary>Publishes a version again under another name.</summary>
    internal static async Task CopyAsync(ModelRegistry registry, string from, string to, CancellationToken cancellationToken)
    {
        var source = registry.FolderOf(from);
        var manifest = await BundleManifest.ReadAsync(source, cancellationToken);
        await BundlePublisher.PublishAsync(registry.ModelsRoot, to, folder =>
        {
            foreach (var name in manifest.Files.Keys) File.Copy(Path.Combine(source, name), Path.Combine(folder, name));
            return Task.CompletedTask;
        }, manifest, registry.Trust, cancellationToken);
    }
}
