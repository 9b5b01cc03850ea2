using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Models;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations.Sources;
using RecSys.Core.Retrieval.Neighbours;
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
        Worlds = new WorldSource(live, models);
    }

    public LiveState Live { get; }
    public WorldSource Worlds { get; }
    public ServingWorld World => Worlds.Take();
    public RecommendationContext Context { get; } = new();

    public static async Task<RuleFixture> CreateAsync(
        IEnumerable<Item> items, IEnumerable<LogEvent>? events = null, string user = "u", double retrievalWeight = 0,
        IEnumerable<IEventFold>? folds = null, NeighbourSource? neighbours = null)
    {
        var folder = new TemporaryFolder();
        var contents = TestModels.Contents() with { RetrievalWeight = retrievalWeight, Neighbours = neighbours };
        var manifest = await BundleWriter.PublishAsync(folder.Path, "v1.0.0", contents, TestContext.Current.CancellationToken);
        var bundle = await ModelBundle.LoadAsync(Path.Combine(folder.Path, manifest.Version), TestModels.Catalogue,
            TestContext.Current.CancellationToken);
        var catalog = ItemCatalog.Create(items);
        LogEvent[] history = [.. events ?? [new LogEvent(Now.ToUnixTimeMilliseconds(), 0, 0, EventType.Impression)]];
        var log = new InteractionLog(catalog, new UserDirectory([new User { Id = user }]), history);
        var live = LiveState.Of(
            log, [.. folds
                ?? [new CoVisitation(Options.Create(new CoVisitationOptions())), new SegmentCounts(Options.Create(new SegmentOptions()))]]);
        var models = new ModelPool<ServingModel>();
        models.Add(manifest.Version, new ServingModel(bundle, catalog), bytes: 0);
        models.Promote(manifest.Version);
        var fixture = new RuleFixture(models, live, folder);
        fixture.Begin(user: user);
        return fixture;
    }

    /// <summary>Starts the request over, with the present state of the user.</summary>
    public void Begin(Policy? policy = null, string user = "u", int numItems = 20, Effects effects = Effects.All,
        string requestId = "req_test", RequestWishes? wishes = null, string scenario = RecommendationRequest.Home)
    {
        if (Context.World is not null) Context.Dispose();
        var assignment = models.Assign(user, out var lease);
        Context.Begin(new RecommendationRequest(user, numItems, Wishes: wishes, Scenario: scenario), requestId, Now, World, assignment,
            policy ?? Policy.Default, lease, effects);
        Context.World!.TryCopy(user, Context.User);
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
