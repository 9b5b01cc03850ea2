using RecSys.Core.Retrieval.TwoTower;

namespace RecSys.Tests.Retrieval;

public sealed class TowerDefaultsTests
{
    [Theory]
    [InlineData(575_000, 3_500, 12, 2048, 0.5)]    // much of each item
    [InlineData(20_000, 1_000, 12, 2048, 0.5)]     // just enough of each
    [InlineData(19_999, 1_000, 40, 128, 0.05)]     // just not
    [InlineData(30_082, 2_906, 40, 256, 0.05)]     // 300 targets would make a hundred steps
    [InlineData(270_000, 54_000, 40, 2048, 0.05)]
    [InlineData(500, 400, 40, 128, 0.05)]
    public void Complete_NothingSet_GoesByEntriesPerItem(long targets, int items, int epochs, int batch, double idScale)
    {
        var completed = TowerDefaults.Complete(new TwoTowerOptions(), targets, items);

        Assert.Equal((epochs, batch, idScale), (completed.MaxEpochs, completed.BatchSize, completed.IdScale));
        Assert.Equal(epochs == 12 ? (0.2, 0.06, 3) : (0.5, 0.1, 5), (completed.Dropout, completed.Temperature, completed.Patience));
    }

    [Fact]
    public void Complete_WhatIsSet_Stays()
    {
        var given = new TwoTowerOptions { MaxEpochs = 3, BatchSize = 77, IdScale = 1, Dropout = 0, Temperature = 0.5, Patience = 9 };

        Assert.Equal(given, TowerDefaults.Complete(given, 1000, 1000));
        Assert.Equal(given, TowerDefaults.Complete(given, 1_000_000, 10));
    }

    [Fact]
    public void AsForDenseLogs_NothingSet_IsWhatADenseLogGets()
    {
        var quick = TowerDefaults.Complete(new TwoTowerOptions().AsForDenseLogs(), 1000, 1000);

        Assert.Equal((12, 2048), (quick.MaxEpochs, quick.BatchSize));
        Assert.Equal(5, new TwoTowerOptions { MaxEpochs = 5 }.AsForDenseLogs().MaxEpochs);
    }

    [Fact]
    public void Describe_SparseLog_SaysWhatWasChosenAndWhy() => Assert.Equal(
        "10.4 entries an item, sparse: at most 40 epochs, patience 5, batches of 256, dropout 0.5, temperature 0.1, ids start at "
            + "0.05",
        TowerDefaults.Describe(TowerDefaults.Complete(new TwoTowerOptions(), 30_082, 2_906), 30_082, 2_906));
}
