using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Retrieval.Neighbours;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Training;
using RecSys.Core.Training.Rows;
using RecSys.Core.Training.Towers;
using RecSys.Tests.Models;

namespace RecSys.Tests.Training.Rows;

public sealed class CandidateRowsTests
{
    private const int Items = 40;

    [Fact]
    public void Build_ChoiceWithinTheProposals_IsOnePositiveAmongUntouchedNegatives()
    {
        var (log, touched) = Log();
        using var towers = Towers(log);
        var extractor = new FeatureExtractor(FeatureCatalogue.Default);
        var targets = TwoStageTraining.Choices(log, 0, int.MaxValue).Where(index => index > 20).ToList();

        var rows = CandidateRows.Build(log, targets, towers, extractor, returnShare: 0,
            new TrainingOptions { Candidates = Items, NegativesPerTarget = 6 }, progress: null, TestContext.Current.CancellationToken);

        // Everything untouched is proposed, so no choice is missed, and lists shrink only when too little is left.
        Assert.Equal(targets.Count, rows.Labels.ToArray().Count(label => label == 1));
        var all = rows.Between(0, long.MaxValue);
        Assert.Equal(targets.Count, all.GroupSizes!.Length);
        for (var list = 0; list < targets.Count; list++)
        {
            var left = Items - touched[targets[list]];
            Assert.Equal(Math.Min(7, left), all.GroupSizes[list]);
        }

        // Rows stand in the order of retrieval, and together they stand for everything that was proposed.
        var rank = FeatureCatalogue.Default.Names.ToList().IndexOf("retrieval_rank");
        for (int list = 0, start = 0; list < targets.Count; start += all.GroupSizes[list], list++)
        {
            var end = start + all.GroupSizes[list];
            var ranks = Enumerable.Range(start, end - start).Select(row => all.Values[row * all.Features + rank]).ToArray();
            Assert.Equal(ranks.Order(), ranks);
            Assert.Equal(Items - touched[targets[list]], all.Weights![start..end].Sum(), 1e-3);
            var chosen = Array.IndexOf(all.Labels, 1, start, end - start);
            Assert.Equal(1, all.Weights[chosen]);
        }
    }

    [Fact]
    public void Find_AtAnyMoment_ProposesWhatTheUserHasNotTouchedBestFirst()
    {
        var (log, _) = Log();
        using var towers = Towers(log);
        var search = new CandidateSearch(towers, log, 10);
        var touched = new HashSet<(int, int)>();
        var state = new FeatureState(log.Items);
        for (var i = 0; i < log.Events.Length; i++)
        {
            var e = log.Events[i];
            var found = search.Find(i, e, state.FindUser(e.User)).ToArray();
            Assert.DoesNotContain(found, candidate => touched.Contains((e.User, candidate.Item)));
            Assert.Equal(Enumerable.Range(0, found.Length), found.Select(candidate => candidate.RetrievalRank));
            Assert.Equal(found.Select(candidate => candidate.RetrievalScore).OrderDescending(),
                found.Select(candidate => candidate.RetrievalScore));
            touched.Add((e.User, e.Item));
            state.Apply(e);
        }
    }

    [Fact]
    public void Find_NeighboursBesideTheTowers_ProposesBothByTheUnionsRule()
    {
        var (log, _) = Log();
        var table = ItemNeighbours.Fit(log, new ItemKnnOptions { Neighbours = 5 }, TestContext.Current.CancellationToken).ToTable(5);
        using var towers = Towers(log, new NeighbourSource(table, 0.5));
        using var alone = Towers(log);
        var extractor = new FeatureExtractor(FeatureCatalogue.Default);
        var column = FeatureCatalogue.Default.Names.ToList().IndexOf("neighbour_votes");
        var (search, nearest) = (new CandidateSearch(towers, log, 10), new CandidateSearch(alone, log, Items));
        var touched = new HashSet<(int, int)>();
        var state = new FeatureState(log.Items);
        var beyond = 0;
        for (var i = 0; i < log.Events.Length; i++)
        {
            var e = log.Events[i];
            var user = state.FindUser(e.User);
            var found = search.Find(i, e, user).ToArray();
            var byTowers = nearest.Find(i, e, user).ToArray();
            var votes = new double[Items];
            var history = user is null ? [] : user.RecentItems.ToArray().Reverse().Take(NeighbourVotes.HistoryLength).ToArray();
            for (var age = 0; age < history.Length; age++)
            {
                var (near, similar) = (table.Of(history[age]).ToArray(), table.WeightsOf(history[age]).ToArray());
                for (var n = 0; n < near.Length; n++) votes[near[n]] += similar[n] * Math.Pow(2, -age / 2.0);
            }
            var neighbours = Enumerable.Range(0, Items).Where(item => votes[item] > 0 && !touched.Contains((e.User, item)))
                .OrderByDescending(item => (float)votes[item]).ThenBy(item => item).Take(5).ToArray();
            var expected = byTowers.Where(candidate => !neighbours.Contains(candidate.Item)).Take(10 - neighbours.Length)
                .Select(candidate => candidate.Item).Concat(neighbours).Order();
            Assert.Equal(expected, found.Select(candidate => candidate.Item).Order());
            // What the search passed on its way has its rank, the other neighbours stand behind; all have the towers' score.
            foreach (var candidate in found)
            {
                var place = byTowers.Single(other => other.Item == candidate.Item);
                Assert.Equal(place.RetrievalScore, candidate.RetrievalScore, 1e-5);
                Assert.True(candidate.RetrievalRank == place.RetrievalRank
                    || (candidate.RetrievalRank == CandidateUnion.BeyondTheSearch && neighbours.Contains(candidate.Item)));
                beyond += candidate.RetrievalRank == CandidateUnion.BeyondTheSearch ? 1 : 0;
            }
            // The ranker sees the votes, too.
            var rows = new float[found.Length * extractor.Catalogue.Count];
            extractor.Fill(CandidateRows.RequestOf(log, e, user, towers, search), state, found, rows);
            for (var at = 0; at < found.Length; at++)
                Assert.Equal(votes[found[at].Item], rows[at * extractor.Catalogue.Count + column], 1e-4);
            touched.Add((e.User, e.Item));
            state.Apply(e);
        }
        Assert.InRange(beyond, 100, 1000);
    }

    [Fact]
    public void Choices_FirstTouchesFromAMomentOn_AreThinnedEvenly()
    {
        var (log, _) = Log();

        var all = TwoStageTraining.Choices(log, log.Events[50].TimeMs, int.MaxValue);
        var some = TwoStageTraining.Choices(log, log.Events[50].TimeMs, 10);

        Assert.All(all, index => Assert.True(log.Events[index].TimeMs >= log.Events[50].TimeMs));
        Assert.Equal(all.Count, all.Select(index => (log.Events[index].User, log.Events[index].Item)).Distinct().Count());
        Assert.Equal(10, some.Count);
        Assert.Subset(all.ToHashSet(), some.ToHashSet());
    }

    private static (InteractionLog Log, int[] TouchedBefore) Log()
    {
        var random = new Random(3);
        var events = Enumerable.Range(0, 200)
            .Select(i => new LogEvent(1_700_000_000_000 + i * 60_000L, random.Next(8), random.Next(Items), EventType.View)).ToArray();
        var touched = new int[events.Length];
        var seen = new HashSet<(int, int)>();
        for (var i = 0; i < events.Length; i++)
        {
            touched[i] = seen.Count(pair => pair.Item1 == events[i].User);
            seen.Add((events[i].User, events[i].Item));
        }
        var items = ItemCatalog.Create(Enumerable.Range(0, Items)
            .Select(i => new Item { Id = $"i{i}", Title = $"t{i}", Category = $"c{i % 4}" }));
        return (new InteractionLog(items, new UserDirectory(Enumerable.Range(0, 8).Select(u => new User { Id = $"u{u}" })), events),
            touched);
    }

    private static TowerView Towers(InteractionLog log, NeighbourSource? neighbours = null) => new(
        new TwoTowerModel
        {
            ItemEmbeddings = TestBundles.Embeddings(Items, TestModels.Dimension).ToArray(),
            UserTower = TestModels.Tower(1),
            BestEpoch = new TowerEpoch(1, 1, 0, 0, 0, 0, 0, TimeSpan.Zero),
            Epochs = [],
        },
        log, neighbours);
}
