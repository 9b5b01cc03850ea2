using RecSys.Api.Commands;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Retrieval.VectorSearch;
using RecSys.Core.Simulation;
using RecSys.Core.Storage.Sqlite;
using RecSys.Core.Training;
using RecSys.Core.Training.Protocols;
using RecSys.Tests.Fixtures;
using RecSys.Tests.Retrieval;

namespace RecSys.Tests.EndToEnd;

/// <summary>What lists are worth to users without a single event, told by a world whose click probabilities are known.</summary>
[Collection(TorchCollection.Name)]
public sealed class NewUserTruthTests
{
    [Fact]
    public async Task Recommend_UsersWithoutEvents_AreServedListsThatAreClickedMoreThanWhatIsPopular()
    {
        var token = TestContext.Current.CancellationToken;
        var world = SyntheticWorld.Create(new WorldOptions
        {
            Items = 600, Users = 400, Days = 4, SessionsPerUserPerDay = 2, Start = new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero),
        });
        using var folder = new TemporaryFolder();
        InteractionLog log;
        await using (var database = await SqliteDatabase.OpenAsync(folder["store"], token))
        {
            await database.StoreAsync(world, token);
            log = await database.Log.ReadAsync(null, null, token);
        }
        var known = log.Where(e => e.User % 4 != 0);
        await using var states = await SqliteDatabase.OpenAsync(folder["served"], token);
        var registry = new ModelRegistry(folder["served/models"], states.Models);
        var pipeline = new TrainingPipeline(new LogInMemory(known), registry, FeatureCatalogue.Default, TimeProvider.System);
        var trained = await pipeline.RunAsync(ServerFixture.QuickTraining, from: null, progress: null, token);
        using var bundle = await ModelBundle.LoadAsync(
            registry.FolderOf(trained.Manifest.Version), FeatureCatalogue.Default, new RetrievalOptions(), token);
        await using var server = await ServedLists.StartAsync(folder["served"], known, token);
        var popular = SegmentPopularity.Fit(known, bySegment: false);
        var tower = new ProfileTower(bundle, log.Users);
        var evening = DateTimeOffset.FromUnixTimeMilliseconds(log.Events[^1].TimeMs).AddHours(1);
        var (served, byPopularity, byTower) = (0.0, 0.0, 0.0);
        for (var user = 0; user < log.Users.Count; user += 4)
        {
            var list = await server.RankAsync(log.Users[user].Id, token);
            served += Worth(list.Select(entry => entry.Item));
            byPopularity += Worth(Order(popular));
            byTower += Worth(Order(tower));

            double Worth(IEnumerable<int> items) =>
                items.Take(10).Select((item, at) => world.ClickProbability(log.Users[user], log.Items.IdOf(item), evening, at)).Sum();

            int[] Order(IRecommender way)
            {
                var scores = new float[log.Items.Count];
                way.Score(new RankingQuery(user, []), scores);
                return [.. Enumerable.Range(0, scores.Length).OrderByDescending(item => scores[item])];
            }
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"served {served}, popular {byPopularity}, tower {byTower}");
        Assert.True(served > byPopularity, $"served {served}, popular {byPopularity}");
        Assert.True(served > byTower, $"served {served}, tower {byTower}");
    }
}
