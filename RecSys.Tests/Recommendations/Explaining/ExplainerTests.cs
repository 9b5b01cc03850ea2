using Microsoft.Extensions.DependencyInjection;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Expressions;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Pipeline;
using RecSys.Core.Ranking.Forest;
using RecSys.Core.Recommendations;
using RecSys.Core.Recommendations.Explaining;
using RecSys.Core.Recommendations.Logging;
using RecSys.Core.Recommendations.Paging;
using RecSys.Core.Recommendations.Sources;
using RecSys.Core.Storage;
using RecSys.Tests.EndToEnd;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Recommendations.Explaining;

/// <summary>Explanations against <see cref="PlainPipeline"/>, over the world and the model of the server of the tests.</summary>
[Collection(ServedCollection.Name)]
public sealed class ExplainerTests(ServerFixture server)
{
    private static readonly Dictionary<string, Policy> Policies = new()
    {
        // Few candidates, so that many items are never proposed, and draws.
        ["narrow"] = Policy.Default with
        {
            Candidates = 60, CoVisitationLimit = 0, TrendingLimit = 5, NewItemShare = 0.1, ExplorationShare = 0.2, ExplorationPool = 20,
        },
        // The search proposes all, so that whom other sources propose beside it decides nothing.
        ["wide"] = Policy.Default with { Candidates = 1000, CoVisitationLimit = 10_000, MaxPerCategory = 2, DiversityTop = 10 },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("narrow", 500, 10)]
    [InlineData("wide", 500, 10)]
    public async Task Explain_RandomPairs_GivesTheReasonOfThePlainPipeline(string policyName, int pairs, int places)
    {
        await server.StartAsync();
        var policy = Policies[policyName];
        var (recommender, explainer) = Build(policy);
        var live = server.Services.GetRequiredService<LiveState>();
        using var lease = server.Services.GetRequiredService<ModelPool<ServingModel>>().AcquireChampion();
        server.Services.GetRequiredService<RankingRefresher>().RefreshAll(Token);
        var plain = Plain(live, lease.Model, policy);
        var random = new Random(7);
        var fates = new Dictionary<string, int>();
        for (var done = 0; done < pairs;)
        {
            var (record, expected) = await ServeAsync(recommender, plain, live, random, places);
            if (!expected.IsWhole) continue;
            Assert.Equal(expected.List, record.Items.Select(item => item.Item));
            for (var i = 0; i < 10 && done < pairs; i++, done++)
            {
                var item = Draw(random, live, expected);
                var explanation = (await explainer.ExplainAsync(record, item, Token))!;
                Assert.Equal((record.Position, true), (explanation.Position, explanation.Reproduced));
                var fate = AssertSame(explanation, expected, lease.Model, live, places);
                fates[fate] = fates.GetValueOrDefault(fate) + 1;
            }
        }
        // Worth something only where all of it happens.
        Assert.True(fates.Count >= 5, string.Join(", ", fates.Select(fate => $"{fate.Key} {fate.Value}")));
    }

    [Fact]
    public async Task Explain_AfterTheUserWentOn_TellsOfTheUserOfThen()
    {
        await server.StartAsync();
        var (recommender, explainer) = Build(Policies["narrow"]);
        var live = server.Services.GetRequiredService<LiveState>();
        var user = Users(live)[5];
        var record = await RecordAsync(recommender, user, 10, withFeatures: true);
        var shown = record.Items.Select(item => item.Item).ToArray();
        await server.Services.GetRequiredService<LogWriter>().PostAsync(
            [.. shown.Select((item, at) => new EventChange(new Event
            {
                Id = Guid.NewGuid().ToString(), UserId = user, ItemId = live.Catalog.IdOf(item), Time = TimeProvider.System.GetUtcNow(),
                Type = at == 0 ? EventType.Click : EventType.Impression, RequestId = record.RequestId, Position = at,
            }))], Token);

        var explanation = (await explainer.ExplainAsync(record, shown[0], Token))!;

        Assert.NotNull(live.Copy(user).Seen.Find(shown[0]).ConsumedMs);
        Assert.True(explanation.Position > record.Position);
        Assert.Equal([Explanation.Items], explanation.FromPresent);
        Assert.Equal((ItemFate.Served, 0), (explanation.Fate, explanation.Place));
        Assert.True(explanation.Score!.Recorded);
        Assert.DoesNotContain(explanation.Steps, step => step.Removed is not null);
        // What was clicked since took nothing out then.
        Assert.NotNull(explanation.Candidate);
    }

    [Fact]
    public async Task Explain_OtherEpoch_SaysThatTheUserIsOfNow()
    {
        await server.StartAsync();
        var (recommender, explainer) = Build(Policies["narrow"]);
        var record = await RecordAsync(recommender, Users(server.Services.GetRequiredService<LiveState>())[6], 5, withFeatures: false);

        var explanation = (await explainer.ExplainAsync(record with { Epoch = record.Epoch + 1 }, record.Items[0].Item, Token))!;

        Assert.Equal([Explanation.Items, Explanation.User], explanation.FromPresent);
    }

    [Fact]
    public async Task Explain_ModelOrPolicyUnknown_IsSaid()
    {
        await server.StartAsync();
        var (recommender, explainer) = Build(Policies["narrow"]);
        var record = await RecordAsync(recommender, Users(server.Services.GetRequiredService<LiveState>())[7], 5, withFeatures: false);
        ServedRecord By(string model, string policy) =>
            record with { Assignment = record.Assignment with { ModelVersion = model, PolicyHash = policy } };

        Assert.Null(await explainer.ExplainAsync(By("v9.9.9", record.Assignment.PolicyHash), record.Items[0].Item, Token));
        var explanation = (await explainer.ExplainAsync(
            By(record.Assignment.ModelVersion, "0123456789abcdef"), record.Items[0].Item, Token))!;
        Assert.Equal([Explanation.Policy], explanation.FromPresent);
    }

    [Fact]
    public async Task PastUsers_AtThePresentPosition_AreTheFoldedOnes()
    {
        await server.StartAsync();
        var live = server.Services.GetRequiredService<LiveState>();
        var past = new PastUsers(server.Services.GetRequiredService<IUserArchive>());
        var compared = 0;
        foreach (var user in Users(live).Take(60))
        {
            var now = live.Copy(user);
            if (await past.FindAsync(user, live.Position, live.Features, Token) is not { } then) continue;
            Assert.Equal((now.IsKnown, now.Position, now.Profile?.Id), (then.IsKnown, then.Position, then.Profile?.Id));
            Assert.Equal(Bytes(now.State), Bytes(then.State));
            Assert.Equal(now.Seen.Entries(), then.Seen.Entries());
            compared++;
        }
        Assert.True(compared > 30, $"{compared} users were compared");
        var nobody = await past.FindAsync("never-heard-of", live.Position, live.Features, Token);
        Assert.False(nobody!.IsKnown);
        Assert.Equal(0, (await past.FindAsync(Users(live)[0], 0, live.Features, Token))!.Seen.Count);
    }

    private static byte[] Bytes(UserState state)
    {
        var bytes = new byte[state.ByteCount];
        state.Write(bytes);
        return bytes;
    }

    private static string AssertSame(Explanation explanation, PlainOutcome expected, ServingModel model, LiveState live, int places)
    {
        var item = explanation.Item;
        var (fate, stage, reason) = Expected(expected, item, model, live, places);
        Assert.True(
            (fate, stage, reason) == (explanation.Fate, explanation.Stage, explanation.Reason),
            $"item {item}: {explanation.Fate} {explanation.Stage} {explanation.Reason} instead of {fate} {stage} {reason}");
        Assert.Equal(expected.Sources.GetValueOrDefault(item), explanation.Candidate?.Sources ?? CandidateSources.None);
        if (expected.Raw.TryGetValue(item, out var raw))
        {
            var score = explanation.Score!;
            Assert.Equal(raw, score.Raw, 1e-9);
            Assert.Equal(raw, score.Base + score.Contributions!.Sum(each => each.Contribution), 1e-9);
            Assert.Equal(expected.Scores[item], explanation.Candidate!.Value.Score, 1e-9);
            foreach (var (name, ranks) in expected.Moves)
                Assert.Equal(ranks[item], explanation.Steps.Single(step => step.Stage == name).After!.Rank);
        }
        else
        {
            Assert.Null(explanation.Score);
        }
        return $"{fate} {stage ?? "-"}";
    }

    private static (ItemFate Fate, string? Stage, string? Reason) Expected(
        PlainOutcome expected, int item, ServingModel model, LiveState live, int places)
    {
        if (expected.List.Contains(item)) return (ItemFate.Served, null, null);
        if (expected.Removed.TryGetValue(item, out var removed)) return (ItemFate.Removed, removed.Stage, removed.Reason);
        if (!expected.Candidates.Contains(item))
        {
            if (!live.Catalog.IsServable(item)) return (ItemFate.NeverCandidate, "filter_unavailable", "unavailable");
            if (expected.Against(item) is { } against) return (ItemFate.NeverCandidate, "filter_seen", against);
            return (ItemFate.NeverCandidate, "retrieve", model.TryGet(item, out _) ? "not_retrieved" : "not_in_model");
        }
        // From the back: the first move that begins within the list and ends outside.
        var at = expected.Moves.Count - 1;
        while (at > 0 && expected.Moves[at - 1].Ranks[item] >= places) at--;
        var name = expected.Moves[at].Stage;
        return (ItemFate.Outranked, name, name switch
        {
            "diversity" => "category_full", "explore" => "gave_way_to_exploration", _ => "ranked_below",
        });
    }

    // A tenth of the places each, so that rare fates come, too.
    private static int Draw(Random random, LiveState live, PlainOutcome expected) => random.Next(10) switch
    {
        < 2 => expected.List[random.Next(expected.List.Count)],
        2 when expected.Removed.Count > 0 => expected.Removed.Keys.ElementAt(random.Next(expected.Removed.Count)),
        3 or 4 => expected.Moves[0].Ranks.MinBy(rank => (rank.Value + random.Next(40)) % 40).Key,
        _ => random.Next(live.Catalog.Count),
    };

    private async Task<(ServedRecord Record, PlainOutcome Expected)> ServeAsync(
        Recommender recommender, PlainPipeline plain, LiveState live, Random random, int places)
    {
        var users = Users(live);
        var user = users[random.Next(users.Length)];
        var record = await RecordAsync(recommender, user, places, withFeatures: random.Next(2) == 0);
        return (record, plain.Run(user, record.RequestId, record.Time, record.FeatureTime.ToUnixTimeMilliseconds(), places));
    }

    private static async Task<ServedRecord> RecordAsync(Recommender recommender, string user, int places, bool withFeatures)
    {
        // Without effects there is no time limit, which a busy machine would reach.
        var context = (await recommender.PreviewAsync(new RecommendationRequest(user, places), null, Token))!;
        try
        {
            return ServedRecordFactory.Of(context, FeatureCatalogue.Default, withFeatures);
        }
        finally
        {
            recommender.Complete(context);
        }
    }

    private string[] Users(LiveState live) =>
        [.. server.World.Users.Select(user => user.Id).Where(id => live.Copy(id).State.RecentItems.Length >= 2)];

    private PlainPipeline Plain(LiveState live, ServingModel model, Policy policy)
    {
        var folder = server.Services.GetRequiredService<ModelRegistry>().FolderOf(server.Manifest.Version);
        var trees = ForestParser.Parse(File.ReadAllText(Path.Combine(folder, BundleFiles.Ranker))).Trees;
        return new PlainPipeline(
            live, model, trees, policy, live.FeatureTimeMs(TimeProvider.System.GetUtcNow()), new NewItemOptions().Days);
    }

    // The server's own parts by another policy.
    private (Recommender Recommender, Explainer Explainer) Build(Policy policy)
    {
        var services = server.Services;
        var policies = new PolicyBook(policy);
        var recommender = new Recommender(
            services.GetRequiredService<PipelineRunner>(), services.GetRequiredService<WorldSource>(), policies,
            services.GetRequiredService<FallbackLadder>(), services.GetRequiredService<LastLists>(),
            services.GetRequiredService<OpenLists>(), services.GetRequiredService<NextPages>(),
            services.GetRequiredService<ServedRecordWriter>(), services.GetRequiredService<PipelineMetrics>(), TimeProvider.System);
        var explainer = new Explainer(
            recommender, services.GetRequiredService<WorldSource>(),
            new PastUsers(services.GetRequiredService<IUserArchive>()),
            new PastRules(services.GetRequiredService<ILogContents>()),
            new PastWishes(new ExpressionCache(new ExpressionLimits())),
            policies, FeatureCatalogue.Default, services.GetServices<IStage>());
        return (recommender, explainer);
    }
}
