using Microsoft.Extensions.DependencyInjection;
using RecSys.Api.Commands.Bench;
using RecSys.Core.Models;
using RecSys.Core.Storage.ModelStates;
using RecSys.Tests.Models;

namespace RecSys.Tests.EndToEnd;

/// <summary>Versions beside the one that the server of a fixture began with.</summary>
internal static class StagedModels
{
    private const string First = "v1.0.0";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A copy of the first version under the next name, staged.</summary>
    /// <param name="registry">Of the server.</param>
    /// <param name="change">What its manifest says otherwise; null for nothing.</param>
    internal static async Task<string> StageCopyAsync(this ModelRegistry registry, Func<BundleManifest, BundleManifest>? change = null)
    {
        var version = await registry.NextVersionAsync(Token);
        if (change is null)
        {
            await SwapBench.CopyAsync(registry, First, version, Token);
        }
        else
        {
            var source = registry.FolderOf(First);
            var manifest = await BundleManifest.ReadAsync(source, Token);
            await BundlePublisher.PublishAsync(registry.ModelsRoot, version, folder =>
            {
                foreach (var name in manifest.Files.Keys) File.Copy(Path.Combine(source, name), Path.Combine(folder, name));
                return Task.CompletedTask;
            }, change(manifest), Token);
        }
        (await registry.RegisterAsync(version, ModelState.Staging, null, "night", "trained", Token)).OrThrow();
        return version;
    }

    /// <summary>Lets the first version serve again, for the tests that come.</summary>
    internal static async Task ServeFirstAsync(this IServiceProvider services)
    {
        await services.GetRequiredService<ModelRegistry>().SetChampionAsync(First, Token);
        await services.GetRequiredService<ChampionWatcher>().CheckAsync(Token);
    }
}
