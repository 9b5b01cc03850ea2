using RecSys.Core.Domain;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Retrieval.VectorSearch;
using RecSys.Core.Training;
using RecSys.Core.Training.Protocols;
using RecSys.Tests.Retrieval;

namespace RecSys.Tests.Training.Protocols;

[Collection(TorchCollection.Name)]
public sealed class ColdItemEvaluationTests
{
    private static TrainingOptions Options(RetrievalOptions? retrieval = null) => new()
    {
        Seed = 3,
        Retrieval = retrieval ?? new RetrievalOptions(),
        Towers = new TwoTowerOptions
        {
            Dimension = 16, Hidden = 32, HistoryLength = 10, Heads = 2, MaxEpochs = 6, BatchSize = 256, LearningRate = 0.01, Patience = 6,
            Threads = 1, ItemIdDropout = 0.5,
        },
    };

    private static Task<ColdItemReport> RunAsync(TrainingOptions options) => ColdItemEvaluation.RunAsync(
        World(), options, share: 0.1, depth: 20, progress: null, TestContext.Current.CancellationToken);

    [Fact]
    public async Task RunAsync_PlantedGroups_FindsHiddenItemsByContent()
    {
        var report = await RunAsync(Options());

        Assert.Equal(20, report.ColdItems);
        Assert.InRange(report.Choices, 150, 300);
        Assert.InRange(report.RandomRecall, 20 / 201.0, 20 / 190.0);
        Assert.True(report.Recall > 5 * report.RandomRecall, $"{report.Recall} against {report.RandomRecall} by chance");
        // All users go on to items of the same group, and known ones are found at least as well.
        Assert.InRange(report.WarmChoices, 150, report.Choices);
        Assert.InRange(report.WarmRecall!.Value, 5 * report.RandomRecall, 1);

        // What a server finds that gets the hidden items as new ones. Two vectors within 1e-4 may stand in either order at the end of the
        // list; more than a choice in a hundred do not.
        var live = report.Live;
        Assert.Equal(20, live.TakenIn);
        Assert.InRange(live.LargestDistance, 0, 1e-4);
        Assert.InRange(live.Differing, 0, (report.Choices + report.WarmChoices) / 100);
        Assert.Equal(report.Recall, live.Recall, 0.01);
        Assert.Equal(report.WarmRecall.Value, live.WarmRecall!.Value, 0.01);
        Assert.Contains("hidden, added live", report.ToTable(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ServerTakesInHalfOfTheItems_SaysHowFarItFallsBehind()
    {
        var report = await RunAsync(Options(new RetrievalOptions { NewItemsUpTo = 10 }));

        var live = report.Live;
        Assert.Equal(10, live.TakenIn);
        Assert.Equal(2, live.LargestDistance);
        Assert.InRange(live.Recall, 0.2 * report.Recall, 0.8 * report.Recall);
        Assert.True(live.Differing > report.Choices / 10, report.ToTable());
    }

    [Fact]
    public async Task RunAsync_NobodyChoseAHiddenItem_SaysSo()
    {
        var firstChoices = World().Where(e => e.TimeMs == 0);

        var failure = await Assert.ThrowsAsync<RecSysException>(() =>
            ColdItemEvaluation.RunAsync(firstChoices, Options(), cancellationToken: TestContext.Current.CancellationToken));

        Assert.Contains("hidden items (5%", failure.Message, StringComparison.Ordinal);
        Assert.Contains("--cold-share 30", failure.Message, StringComparison.Ordinal);
    }

    // Users stay inside one of ten groups of 20 items, which the category tells; the last item is never used.
    private static InteractionLog World()
    {
        var random = new Random(1);
        var items = ItemCatalog.Create(Enumerable.Range(0, 201).Select(i =>
            new Item { Id = $"i{i}", Title = $"Title {i}", Category = $"c{i / 20}", Price = i % 7 == 0 ? null : i }));
        var users = new UserDirectory(Enumerable.Range(0, 300)
            .Select(u => new User { Id = $"u{u}", Gender = u % 2 == 0 ? "F" : "M", Age = 20 + u % 40 }));
        var events = new List<LogEvent>();
        for (var u = 0; u < users.Count; u++)
        {
            var order = Enumerable.Range(0, 20).ToArray();
            random.Shuffle(order);
            for (var n = 0; n < 12; n++)
                events.Add(new LogEvent(n * 1000L, u, u % 10 * 20 + order[n], EventType.View, Device: 1));
        }
        return new InteractionLog(items, users, [.. events.OrderBy(e => e.TimeMs)]);
    }
}
