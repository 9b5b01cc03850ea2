using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Features;
using RecSys.Core.Ranking;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Simulation;
using RecSys.Core.Training.Rows;
using RecSys.Core.Training.Towers;
using RecSys.Tests.Models;

namespace RecSys.Tests.Training.Rows;

/// <summary>Logs whose truth is known: how lists were ordered, and what made users click.</summary>
public sealed class PositionBiasTests
{
    private const int Users = 200;
    private const int Items = 60;
    private const int Categories = 5;
    private const int Lists = 4000;
    private const long Start = 1_767_600_000_000;

    private static readonly FeatureCatalogue Catalogue = new(FeatureCatalogue.Default.Features.Where(feature =>
        feature.Name == PositionBias.Feature || PositionBias.Relevance.Contains(feature.Name)));

    // Taste of a user for a category and quality of an item; drawn once.
    private static readonly double[] Taste = Draw(Users * Categories, seed: 1);
    private static readonly double[] Quality = Draw(Items, seed: 2);

    [Fact]
    public void Settle_OrderByChanceAndUsersLookAtTheTopFirst_KeepsThePosition()
    {
        var (finding, column) = Settle((_, _, random) => random.NextDouble(), (s, _) => 0.5 * Quality[s.Item] * Examination(s.Position));

        Assert.True(finding.Used, finding.ToText());
        Assert.InRange(finding.WithinLists!.Value, 0.55, 0.75);
        Assert.InRange(finding.WithinItems!.Value, 0.55, 0.75);
        Assert.Equal(11, column.Max());
    }

    [Fact]
    public void AsServed_RowsOfAnyPosition_HaveNoneAndKeepEverythingElse()
    {
        var place = Catalogue.Names.ToList().IndexOf(PositionBias.Feature);
        var values = Enumerable.Range(1, 3 * Catalogue.Count).Select(value => (float)value).ToArray();
        var rows = new RankerDataset
        {
            Rows = 3, Features = Catalogue.Count, Values = [.. values], Labels = [1, 0, 1], GroupSizes = [3],
        };

        PositionBias.AsServed(rows.Values, Catalogue);

        Assert.Equal(values.Select((value, at) => at % Catalogue.Count == place ? 0 : value), rows.Values);
    }

    [Fact]
    public void Settle_ImpressionsOfAListReportedAtMomentsOfTheirOwn_SeesTheSameLists()
    {
        double Click(Shown s, int length) => 0.5 * Quality[s.Item] * Examination(s.Position);

        var (together, _) = Settle((_, _, random) => random.NextDouble(), Click);
        var (apart, column) = Settle((_, _, random) => random.NextDouble(), Click, apartMs: 7);

        Assert.True(apart.Used, apart.ToText());
        Assert.Equal(together.Impressions, apart.Impressions);
        Assert.Equal(together.LengthAlone, apart.LengthAlone);
        Assert.Equal(together.WithinLists, apart.WithinLists);
        Assert.Equal(together.WithinItems, apart.WithinItems);
        Assert.Equal(11, column.Max());
    }

    [Fact]
    public void Relevance_EveryFeature_IsInTheCatalogue()
    {
        Assert.Equal(6, PositionBias.Relevance.Count);
        Assert.All(PositionBias.Relevance, name => Assert.Contains(name, FeatureCatalogue.Default.Names));
    }

    [Fact]
    public void Settle_CatalogueWithoutAFeatureOfRelevance_NamesIt()
    {
        var log = new InteractionLog(ItemCatalog.Create([new Item { Id = "i", Title = "t", Category = "c" }]),
            new UserDirectory([new User { Id = "u" }]), [new LogEvent(Start, 0, 0, EventType.Impression, Position: 0)]);

        var failure = Assert.Throws<InvalidOperationException>(() => Settle(log,
            catalogue: new FeatureCatalogue(Catalogue.Features.Where(feature => feature.Name != "cosine_user"))));

        Assert.Contains("cosine_user", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settle_OrderByQualityAndUsersLookAtTheTopFirst_KeepsThePosition()
    {
        var (finding, _) = Settle((_, item, _) => Quality[item], (s, _) => 0.5 * Quality[s.Item] * Examination(s.Position));

        Assert.True(finding.Used, finding.ToText());
    }

    [Fact]
    public void Settle_PositionOnlyTellsHowLongTheListIs_ClearsTheColumn()
    {
        var (finding, column) = Settle((_, _, random) => random.NextDouble(), (_, length) => 1.2 / length);

        Assert.False(finding.Used, finding.ToText());
        Assert.Contains("within a list", finding.Reason, StringComparison.Ordinal);
        // It would have seemed the best of features.
        Assert.True(finding.Alone > 0.55 && finding.LengthAlone > 0.6, finding.ToText());
        Assert.InRange(finding.WithinLists!.Value, 0.48, 0.52);
        Assert.All(column, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Settle_BestItemsFirstAndPlaceDoesNotMatter_LeavesItOut()
    {
        var (finding, _) = Settle((_, item, _) => Quality[item], (s, _) => 0.5 * Quality[s.Item]);

        Assert.False(finding.Used, finding.ToText());
        Assert.Contains("the same item", finding.Reason, StringComparison.Ordinal);
        Assert.True(finding.WithinLists > 0.55, finding.ToText());
    }

    [Fact]
    public void Settle_WhatTheUserLikesFirstAndPlaceDoesNotMatter_LeavesItOut()
    {
        var (finding, _) = Settle((user, item, _) => TasteFor(user, item), (s, _) => 0.6 * TasteFor(s.User, s.Item));

        Assert.False(finding.Used, finding.ToText());
        Assert.Contains("follows", finding.Reason, StringComparison.Ordinal);
        Assert.True(finding.WithinItems > 0.55, finding.ToText());
        Assert.InRange(Math.Abs(finding.RelevanceCorrelation), 0.05, 1);
    }

    [Fact]
    public void Settle_LaterPlacesAreClickedMore_LeavesItOutAndTheReasonFollowsTheFigures()
    {
        var (finding, _) = Settle((_, _, random) => random.NextDouble(), (s, length) => 0.1 + 0.7 * s.Position / length);

        Assert.False(finding.Used, finding.ToText());
        Assert.True(finding.WithinListsDeviations < -3, finding.ToText());
        Assert.StartsWith("within a list later places are clicked more", finding.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Settle_LogWithoutPositions_SaysSo()
    {
        var (finding, _) = Settle((_, _, random) => random.NextDouble(), (s, _) => 0.5 * Quality[s.Item], positions: false);

        Assert.False(finding.Used);
        Assert.Equal("left out: no impression of the log carries a position", finding.ToText());
    }

    [Fact]
    public void Settle_BiasOnlyInRowsThatAreKeptForLater_DoesNotSeeThem()
    {
        var (finding, _) = Settle((_, _, random) => random.NextDouble(),
            (s, _) => 0.5 * Quality[s.Item] * (s.TimeMs < Half ? 0.6 : Examination(s.Position)), untilMs: Half);

        Assert.False(finding.Used, finding.ToText());
    }

    [Fact]
    public void Settle_SimulatedWorld_KeepsThePosition()
    {
        var world = SyntheticWorld.Create(new WorldOptions { Items = 300, Users = 300, Days = 6, SessionsPerUserPerDay = 0.6 });

        var (finding, column) = Settle(Rankers.PositionBiasTests.Log(world));

        Assert.True(finding.Used, finding.ToText());
        Assert.Equal(9, column.Max());
    }

    private static long Half => Start + Lists / 2 * 60_000L;

    private static double Examination(int position) => 1 / (1 + 0.3 * position);

    private static double TasteFor(int user, int item) => Taste[user * Categories + item % Categories];

    private static double[] Draw(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextDouble())];
    }

    // Lists of 3 to 12 items drawn by chance, highest order value first.
    private static (PositionFinding Finding, float[] Column) Settle(
        Func<int, int, Random, double> order, Func<Shown, int, double> click, bool positions = true, long untilMs = long.MaxValue,
        int apartMs = 0)
    {
        var random = new Random(7);
        var events = new List<LogEvent>();
        for (var list = 0; list < Lists; list++)
        {
            var (user, time) = (random.Next(Users), Start + list * 60_000L);
            var drawn = Enumerable.Range(0, Items).ToArray();
            random.Shuffle(drawn);
            var length = 3 + random.Next(10);
            int[] shown = [.. drawn.Take(length).OrderByDescending(item => order(user, item, random))];
            for (var at = 0; at < length; at++)
            {
                events.Add(new LogEvent(time + at * apartMs, user, shown[at], EventType.Impression,
                    Position: positions ? (short)at : (short)-1) { List = apartMs > 0 ? list + 1 : 0 });
            }
            for (var at = 0; at < length; at++)
            {
                if (random.NextDouble() < click(new Shown(user, shown[at], at, time), length))
                    events.Add(new LogEvent(time + 1000 + at, user, shown[at], EventType.Click));
            }
        }
        var log = new InteractionLog(
            ItemCatalog.Create(Enumerable.Range(0, Items).Select(i => new Item
            {
                Id = $"i{i}", Title = $"t{i}", Category = $"c{i % Categories}",
            })),
            new UserDirectory(Enumerable.Range(0, Users).Select(i => new User { Id = $"u{i}" })), [.. events]);
        return Settle(log, untilMs);
    }

    private static (PositionFinding Finding, float[] Column) Settle(
        InteractionLog log, long untilMs = long.MaxValue, FeatureCatalogue? catalogue = null)
    {
        catalogue ??= Catalogue;
        using var towers = new TowerView(new TwoTowerModel
        {
            ItemEmbeddings = TestBundles.Embeddings(log.Items.Count, TestModels.Dimension).ToArray(),
            UserTower = TestModels.Tower(1),
            BestEpoch = new TowerEpoch(1, 1, 0, 0, 0, 0, 0, TimeSpan.Zero),
            Epochs = [],
        }, log);
        var rows = ImpressionRows.Build(
            log, new ImpressionReplay(long.MaxValue, ImpressionLabels.Of(log)), towers, new FeatureExtractor(catalogue), progress: null);

        var finding = PositionBias.Settle(log, rows, catalogue, untilMs);

        var column = catalogue.Names.ToList().IndexOf(PositionBias.Feature);
        return (finding, [.. Enumerable.Range(0, rows.Count).Select(row => rows.Values[row * catalogue.Count + column])]);
    }

    private readonly record struct Shown(int User, int Item, int Position, long TimeMs);
}
