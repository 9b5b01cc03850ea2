using Microsoft.Extensions.Time.Testing;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Models;
using RecSys.Core.Retrieval.VectorSearch;
using RecSys.Core.Storage.ModelStates;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Models;

/// <summary>
/// Registry, pool, loader and watcher over one models folder, wired as the server wires them, with a catalogue of the test's choice.
/// </summary>
internal sealed class PoolRig : IDisposable
{
    public PoolRig(string modelsRoot, ModelPoolOptions? options = null)
    {
        Clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        Registry = Registries.Open(modelsRoot, Clock);
        Pool = new ModelPool<ServingModel>(options, time: Clock);
        Loader = new ModelLoader(Registry, Pool, TestModels.Catalogue, new RetrievalOptions(),
            () => Task.FromResult(ServingItems.Of(Catalog)));
        Watcher = new ChampionWatcher(Registry, Pool, Loader, Clock, new ModelMetrics(new PlainMeters()), Log);
        Start = new ModelStart(Registry, Pool, Loader);
    }

    public FakeTimeProvider Clock { get; }
    public ModelRegistry Registry { get; }
    public ModelPool<ServingModel> Pool { get; }
    public ModelLoader Loader { get; }
    public ChampionWatcher Watcher { get; }
    public ModelStart Start { get; }
    public ListLogger<ChampionWatcher> Log { get; } = new();

    /// <summary>Every item of <see cref="TestModels"/>, unless the test sets another.</summary>
    public ItemCatalog Catalog { get; set; } = CatalogOf(TestModels.Contents().ItemIds);

    public static ItemCatalog CatalogOf(IEnumerable<string> ids) =>
        ItemCatalog.Create(ids.Select(id => new Item { Id = id, Title = "t", Category = "c" }));

    /// <summary>Publishes and stages a sound version.</summary>
    public async Task PublishAsync(string version, int seed = 1)
    {
        var token = TestContext.Current.CancellationToken;
        await BundleWriter.PublishAsync(Registry.ModelsRoot, version, TestModels.Contents(seed), token);
        (await Registry.RegisterAsync(version, ModelState.Staging, null, "test", "published", token)).OrThrow();
    }

    public void Dispose()
    {
        Watcher.Dispose();
        Loader.Dispose();
        Pool.Dispose();
    }
}
