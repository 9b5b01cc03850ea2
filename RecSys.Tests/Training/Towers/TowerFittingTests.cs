using RecSys.Core.Domain;
using RecSys.Core.Retrieval.Text;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Training;
using RecSys.Core.Training.Towers;
using RecSys.Tests.Retrieval;
using RecSys.Tests.Retrieval.Text;

namespace RecSys.Tests.Training.Towers;

[Collection(TorchCollection.Name)]
public sealed class TowerFittingTests
{
    private static readonly InteractionLog Log = new(
        ItemCatalog.Create(Enumerable.Range(0, 20)
            .Select(i => new Item { Id = $"i{i}", Title = "t", Category = "c", Description = $"story {i}" })),
        new UserDirectory(Enumerable.Range(0, 10).Select(u => new User { Id = $"u{u}" })),
        [.. Enumerable.Range(0, 100).Select(n => new LogEvent(n * 1000L, n % 10, n * 7 % 20, EventType.Click))]);

    private static TwoTowerModel Fit(TextOptions text) => TowerFitting.Fit(
        Log,
        new TrainingOptions { Towers = new TwoTowerOptions { Dimension = 16, Hidden = 16, MaxEpochs = 1, Threads = 1 }, Text = text },
        null, TestContext.Current.CancellationToken);

    [Fact]
    public void Fit_TextDirectory_IsReadByTheItemTower()
    {
        var (without, with) = (Fit(new TextOptions()), Fit(BertFixture.Options(BertFixture.Original)));

        Assert.Equal(without.ItemEmbeddings.Length, with.ItemEmbeddings.Length);
        Assert.NotEqual(without.ItemEmbeddings, with.ItemEmbeddings);
    }

    [Fact]
    public void Fit_TextDirectoryMissing_SaysWhichFile()
    {
        var e = Assert.Throws<RecSysException>(() => Fit(new TextOptions { Directory = "/does/not/exist" }));

        Assert.Contains("/does/not/exist/config.json", e.Message, StringComparison.Ordinal);
    }
}
