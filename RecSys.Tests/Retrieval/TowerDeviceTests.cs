using RecSys.Core.Domain;
using RecSys.Core.Retrieval.TwoTower;
using static TorchSharp.torch;

namespace RecSys.Tests.Retrieval;

/// <summary>
/// The device is threaded through training, shown without a GPU: libtorch's device <c>meta</c> computes shapes only, and, as every device, refuses operations
/// between its tensors and the processor's.
/// </summary>
[Collection(TorchCollection.Name)]
public sealed class TowerDeviceTests
{
    private static TowerTrainingData Data()
    {
        var random = new Random(5);
        var items = ItemCatalog.Create(Enumerable.Range(0, 60).Select(i => new Item { Id = $"{i:D2}", Title = $"word{i % 4}", Category = $"c{i % 7}" }));
        var users = new UserDirectory(Enumerable.Range(0, 40).Select(u => new User { Id = $"{u:D2}", Gender = "F" }));
        var events = Enumerable.Range(0, 40 * 12).Select(n => new LogEvent(n, n % 40, random.Next(60), EventType.View, Device: 1));
        return TowerTrainingData.FromLog(new InteractionLog(items, users, [.. events]),
            new Core.Retrieval.Text.ItemTexts([.. Enumerable.Range(0, 60 * 5).Select(_ => random.NextSingle())], 5));
    }

    [Theory]
    [InlineData(20_000, false)]
    [InlineData(0, false)]
    [InlineData(20_000, true)]
    public void Step_OnAnotherDevice_LeavesNothingOnTheProcessor(int fullSoftmaxItems, bool reduce)
    {
        var data = Data();
        var options = new TwoTowerOptions
        {
            Dimension = 16, Hidden = 32, HistoryLength = 6, BatchSize = 100, FullSoftmaxItems = fullSoftmaxItems, Negatives = 20, ReducedPrecision = reduce, Threads = 1, ValidationUsers = 0,
        };
        using var scope = NewDisposeScope();
        using var trainer = new TwoTowerTrainer(data, options, META);
        var batches = new TowerBatcher(data, new TowerSplit(data, 0, 1), options);

        foreach (var batch in batches.Epoch().Take(3)) Assert.Equal(META.type, trainer.Step(batch).device_type);
    }

    [Fact]
    public void Meta_WithTheProcessor_Refuses()
    {
        using var scope = NewDisposeScope();

        Assert.ThrowsAny<Exception>(() => mm(zeros(2, 2, device: META), zeros(2, 2)));
    }

    [Fact]
    public void Choose_CudaWithoutADevice_SaysHowToGetIt()
    {
        if (cuda.is_available()) Assert.Skip("This machine has a CUDA device.");

        var e = Assert.Throws<RecSysException>(() => TwoTowerTrainer.Train(Data(), new TwoTowerOptions { Device = "cuda" }, null, TestContext.Current.CancellationToken));

        Assert.Contains("Training:Towers:Device is cuda", e.Message, StringComparison.Ordinal);
        Assert.Contains("-p:TorchBackend=cuda", e.Message, StringComparison.Ordinal);
        Assert.Equal(CPU.type, TorchDevice.Choose("auto", "x").type);
        Assert.Equal(CPU.type, TorchDevice.Choose("cpu", "x").type);
    }
}
