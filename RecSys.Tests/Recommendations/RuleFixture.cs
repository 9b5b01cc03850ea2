using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Models;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Models;
using RecSys.Tests.Pipeline;

namespace RecSys.Tests.Recommendations;

/// <summary>A real context over a small catalogue and a real bundle, with candidates and scores set by the test.</summary>
internal sealed class RuleFixture : IAsyncDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder folder;
    private readonly ModelPool<ServingModel> models;

    private RuleFixture(ModelPool<ServingModel> models, LiveState live, TemporaryFolder folder)
    {
        this.models = models;
        this.folder = folder;
        Live = live;
    }

    public LiveState Live { get; }
    public RecommendationContext Context { get; } = new();
    public RecommendationOptions Options { get; } = new();
    public IOptions<RecommendationOptions> Wrapped => Microsoft.Extensions.Options.Options.Create(Options);

    public static async Task<RuleFixture> CreateAsync(IEnumerable<Item> items, IEnumerable<LogEvent>? events = null, string user = "u", double retrievalWeight = 0)
    {
        var folder = new TemporaryFolder();
        var manifest = await BundleWriter.PublishAsync(folder.Path, "v1.0.0", TestModels.Contents() with { RetrievalWeight = retrievalWeight }, TestContext.Current.CancellationToken);
        var bundle = await ModelBundle.LoadAsync(Path.Combine(folder.Path, manifest.Version), TestModels.Catalogue, TestContext.Current.CancellationToken);
        var catalog = ItemCatalog.Create(items);
        var log = new InteractionLog(catalog, new UserDirectory([new User { Id = user }]), [.. events ?? [new LogEvent(Now.ToUnixTimeMilliseconds(), 0, 0, EventType.Impression)]]);
        var live = new LiveState(log);
        var models = new ModelPool<ServingModel>();
        models.Add(manifest.Version, new ServingModel(bundle, catalog), bytes: 0);
        models.Promote(manifest.Version);
        var fixture = new RuleFixture(models, live, folder);
        fixture.Context.Begin(new RecommendationRequest(user, 20), "req_test", Now, live, models.Assign(user, out var lease), lease);
        fixture.Context.User = live.FindUser(user);
        return fixture;
    }

    /// <summary>Adds candidates 0, 1, 2, ... with these scores.</summary>
    public void Candidates(params double[] scores)
    {
        var list = Context.Candidates;
        list.Open(new TestStage("add", StageKind.Retrieve, _ => { }));
        for (var i = 0; i < scores.Length; i++) list.Add(i, CandidateSources.TwoTower, 0, i);
        list.Close();
        list.Open(new TestStage("score", StageKind.Score, _ => { }));
        for (var i = 0; i < scores.Length; i++) list.SetScore(i, scores[i]);
        list.Close();
    }

    public async Task RunAsync(params IStage[] stages)
    {
        foreach (var stage in stages)
        {
            Context.Candidates.Open(stage);
            await stage.ExecuteAsync(Context, TestContext.Current.CancellationToken);
            Context.Candidates.Close();
        }
    }

    public int[] Ids => [.. Context.Candidates.Items.ToArray().Select(candidate => candidate.Item)];
    public double[] Scores => [.. Context.Candidates.Items.ToArray().Select(candidate => candidate.Score)];

    public ValueTask DisposeAsync()
    {
        Context.Dispose();
        models.Dispose();
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
