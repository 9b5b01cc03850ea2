using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using RecSys.Api.Hosting;
using RecSys.Api.Hosting.Authentication;
using RecSys.Core.Models;
using RecSys.Core.Ranking.LightGbm;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Simulation;
using RecSys.Core.Storage.Sqlite;
using RecSys.Core.Training;
using RecSys.Tests.EndToEnd;
using RecSys.Tests.Fixtures;

[assembly: AssemblyFixture(typeof(ServerFixture))]

namespace RecSys.Tests.EndToEnd;

/// <summary>A small world, trained for real and served over HTTP on a loopback port; made once for all tests that ask for it.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private readonly SemaphoreSlim starting = new(1, 1);
    private WebApplication? app;

    internal SyntheticWorld World { get; } = SyntheticWorld.Create(new WorldOptions
    {
        Items = 600,
        Users = 200,
        Days = 3,
        SessionsPerUserPerDay = 2,
        Start = new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero),
    });

    internal string DataFolder => folder.Path;
    internal BundleManifest Manifest { get; private set; } = null!;
    internal Uri Address { get; private set; } = null!;
    internal IServiceProvider Services => app!.Services;

    /// <summary>Scenarios beside home: one of few sources, and one whose candidates all stand in a list of 100.</summary>
    internal static IReadOnlyDictionary<string, string?> Scenarios { get; } = new Dictionary<string, string?>
    {
        ["Scenarios:crowd:sources"] = "popular, co_visitation",
        ["Scenarios:whole:sources"] = "two_tower, co_visitation",
        ["Scenarios:whole:candidates"] = "20",
        ["Scenarios:whole:co_visitation_limit"] = "10",
        ["Scenarios:whole:max_per_category"] = "100",
    };

    internal static TrainingOptions QuickTraining { get; } = new()
    {
        Towers = new TwoTowerOptions { MaxEpochs = 2 },
        Ranker = new LightGbmOptions { NumTrees = 40, MinDataInLeaf = 20 },
    };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A client with a token for the subject; without a subject, without a token.</summary>
    internal async Task<HttpClient> ClientAsync(string? subject, params string[] scopes)
    {
        await StartAsync();
        var client = new HttpClient { BaseAddress = Address };
        if (subject is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token(subject, scopes));
        return client;
    }

    internal static string Token(string subject, params string[] scopes) =>
        DevelopmentKey.Issue(subject, scopes, TimeSpan.FromHours(1));

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
        }
        starting.Dispose();
        folder.Dispose();
    }

    internal async Task StartAsync()
    {
        await starting.WaitAsync();
        try
        {
            if (app is null) await TrainAndServeAsync();
        }
        finally
        {
            starting.Release();
        }
    }

    private async Task TrainAndServeAsync()
    {
        await using (var database = await SqliteDatabase.OpenAsync(DataFolder, CancellationToken.None))
            await database.StoreAsync(World, CancellationToken.None);
        await TrainAsync();
        // All tests come from one address and some are in a hurry.
        var serving = new ServerSettings(DataFolder, Port: 0, Environment: "Development")
        {
            Overrides = ((string[])["Recommend", "Events", "Catalogue", "Admin", "Dashboard", "SignIn"])
                .SelectMany(operation => (string[])["PerSecond", "Burst", "ServicePerSecond", "ServiceBurst"],
                (operation, limit) => $"Limits:{operation}:{limit}")
                .ToDictionary(option => option, string? (_) => "100000")
                .Append(KeyValuePair.Create<string, string?>("Monitoring:MetricsPort", "0"))
                .Append(KeyValuePair.Create<string, string?>("Gorse:Enabled", "true"))
                // A champion that a test promotes stays, however slow the others make it.
                .Append(KeyValuePair.Create<string, string?>("Alerts:Rollback", "false")).Concat(Scenarios).ToDictionary(),
        };
        app = ApiServer.Build(serving, await ServingState.LoadAsync(serving, null, CancellationToken.None));
        Address = new Uri(await ApiServer.StartAsync(app, serving, CancellationToken.None));
        using var champion = Services.GetRequiredService<ModelPool<ServingModel>>().AcquireChampion();
        Manifest = champion.Model.Bundle.Manifest;
    }

    // In a process of its own: other tests train in this one.
    private async Task TrainAsync()
    {
        var (towers, ranker) = (QuickTraining.Towers, QuickTraining.Ranker);
        string[] settings =
        [
            $"Training:Towers:MaxEpochs={towers.MaxEpochs}", $"Training:Ranker:NumTrees={ranker.NumTrees}",
            $"Training:Ranker:MinDataInLeaf={ranker.MinDataInLeaf}",
        ];
        var (code, output, error) =
            await ProcessRig.RunAsync(["train", "--data", DataFolder, .. settings.SelectMany(set => (string[])["--set", set])]);
        Assert.True(code == 0, output + error);
    }
}
