using System.Reflection;
using System.Text.RegularExpressions;
using RecSys.Core.Domain;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Tests.Fixtures;
using static TorchSharp.torch;

namespace RecSys.Tests.Retrieval;

/// <summary>
/// The device is threaded through training, shown without a GPU: what training keeps and what a step is given moves as a whole (libtorch's
/// device
/// <c>meta</c> stands for the GPU; it cannot compute a step), and what a step makes names its device.
/// </summary>
[Collection(TorchCollection.Name)]
public sealed partial class TowerDeviceTests
{
    private static readonly TwoTowerOptions Small = new()
    {
        Dimension = 16, Hidden = 32, HistoryLength = 6, BatchSize = 100, Negatives = 20, Threads = 1, ValidationUsers = 0,
    };

    private static TowerTrainingData Data()
    {
        var random = new Random(5);
        var items = ItemCatalog.Create(
            Enumerable.Range(0, 60).Select(i => new Item { Id = $"{i:D2}", Title = $"word{i % 4}", Category = $"c{i % 7}" }));
        var users = new UserDirectory(Enumerable.Range(0, 40).Select(u => new User { Id = $"{u:D2}", Gender = "F" }));
        var events = Enumerable.Range(0, 40 * 12).Select(n => new LogEvent(n, n % 40, random.Next(60), EventType.View, Device: 1));
        return TowerTrainingData.FromLog(new InteractionLog(items, users, [.. events]),
            new Core.Retrieval.Text.ItemTexts([.. Enumerable.Range(0, 60 * 5).Select(_ => random.NextSingle())], 5));
    }

    [Fact]
    public void Constructor_OtherDevice_KeepsEverythingThere()
    {
        using var scope = NewDisposeScope();
        using var trainer = new TwoTowerTrainer(Data(), Small, META);

        // Two towers of 9 and 39 parameters, two tables with two moments each, which items are known, and the content of all of them.
        var tensors = Tensors(trainer).ToArray();
        Assert.True(tensors.Length > 50, $"{tensors.Length} tensors");
        Assert.All(tensors, tensor => Assert.Equal(META.type, tensor.device_type));
    }

    [Theory]
    [InlineData(20_000)]
    [InlineData(0)]
    public void To_OtherDevice_MovesTheWholeBatch(int fullSoftmaxItems)
    {
        using var scope = NewDisposeScope();
        var data = Data();
        var batch = new TowerBatcher(data, new TowerSplit(data, 0, 1), Small with { FullSoftmaxItems = fullSoftmaxItems }).Epoch().First();

        var moved = Tensors(batch.To(META)).ToArray();

        Assert.Equal(Tensors(batch).Count(), moved.Length);
        Assert.Equal(fullSoftmaxItems == 0 ? 6 : 5, moved.Length);
        Assert.All(moved, tensor => Assert.Equal(META.type, tensor.device_type));
    }

    [Fact]
    public void Source_OfWhatAStepMakes_NamesTheDevice()
    {
        // Parameters and batches are made on the processor and moved; these files make tensors in the middle of a step.
        foreach (var file in new[] { "AttentionBlockModule", "ItemTowerModule", "UserTowerModule", "SoftmaxLoss", "DropoutMasks", "RowAdam",
            "Bags", "TwoTowerTrainer" })
        {
            foreach (var line in File.ReadLines(Repository.File($"RecSys.Core/Retrieval/TwoTower/{file}.cs")).Where(
                line => Factory().IsMatch(line)))
            {
                string[] right = ["device", "new Parameter(", "return tensor(", "same = eye("];
                Assert.True(right.Any(text => line.Contains(text, StringComparison.Ordinal)), $"{file}: {line}");
            }
        }
    }

    [Fact]
    public void Choose_CudaWithoutADevice_SaysHowToGetIt()
    {
        if (cuda.is_available()) Assert.Skip("This machine has a CUDA device.");

        var e = Assert.Throws<RecSysException>(
            () => TwoTowerTrainer.Train(Data(), new TwoTowerOptions { Device = "cuda" }, null, TestContext.Current.CancellationToken));

        Assert.Contains("Training:Towers:Device is cuda", e.Message, StringComparison.Ordinal);
        Assert.Contains("-p:TorchBackend=cuda", e.Message, StringComparison.Ordinal);
        Assert.Equal(CPU.type, TorchDevice.Choose("auto", "x").type);
        Assert.Equal(CPU.type, TorchDevice.Choose("cpu", "x").type);
    }

    // All tensors that an object of the towers reaches.
    private static IEnumerable<Tensor> Tensors(object? root)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var open = new Stack<object?>([root]);
        while (open.TryPop(out var next))
        {
            if (next is null || !seen.Add(next)) continue;
            if (next is Tensor tensor)
            {
                yield return tensor;
                continue;
            }
            if (next is nn.Module module)
            {
                foreach (var parameter in module.parameters().Concat(module.buffers())) open.Push(parameter);
            }
            if (next is Array array && !array.GetType().GetElementType()!.IsPrimitive)
            {
                foreach (var element in array) open.Push(element);
            }
            if (next.GetType().Namespace != typeof(TwoTowerTrainer).Namespace) continue;
            foreach (var field in next.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public))
                open.Push(field.GetValue(next));
        }
    }

    [GeneratedRegex(@"(?<![.\w])(tensor|zeros|ones|full|rand|randn|randint|arange|empty|eye)\(")]
    private static partial Regex Factory();
}
