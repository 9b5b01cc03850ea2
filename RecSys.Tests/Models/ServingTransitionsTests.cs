using RecSys.Core.Domain;
using RecSys.Core.Retrieval.ItemTables;
using RecSys.Core.Models;
using RecSys.Core.Retrieval.Neighbours;
using RecSys.Tests.Fixtures;

namespace RecSys.Tests.Models;

public sealed class ServingTransitionsTests
{
    [Fact]
    public async Task Read_CatalogueInAnotherOrder_TranslatesRowsAndLeavesOutWhatIsGone()
    {
        // Row 0 is followed by rows 1, 2 and 3; item 2 left the catalogue, whose order is reversed.
        var starts = new int[TestModels.Items + 1];
        Array.Fill(starts, 3, 1, TestModels.Items);
        using var model = await ServeAsync(new ItemTable(starts, [1, 2, 3], [0.5f, 0.25f, 0.75f]));
        var (followers, weights) = (new int[model.MaxFollowers], new float[model.MaxFollowers]);

        Assert.True(model.HasTransitions);
        var first = TestModels.Items - 2;
        var count = model.Read(first, followers, weights);

        Assert.Equal([first - 1, first - 2], followers[..count]);
        Assert.Equal([0.5f, 0.75f], weights[..count]);
        Assert.Equal(0, model.Read(0, followers, weights));
        Assert.Equal(0, model.Read(10_000, followers, weights));
    }

    [Fact]
    public async Task HasTransitions_BundleWithout_IsFalse()
    {
        using var model = await ServeAsync(null);

        Assert.False(model.HasTransitions);
        Assert.Equal(0, model.Read(0, new int[100], new float[100]));
    }

    [Fact]
    public async Task ReadNeighbours_CatalogueInAnotherOrder_TranslatesRowsAndLeavesOutWhatIsGone()
    {
        var starts = new int[TestModels.Items + 1];
        Array.Fill(starts, 3, 1, TestModels.Items);
        using var model = await ServeAsync(null, new NeighbourSource(new ItemTable(starts, [3, 2, 1], [0.75f, 0.5f, 0.25f]), 0.4));
        var (neighbours, similarities) = (new int[ItemTable.MostPerItem], new float[ItemTable.MostPerItem]);

        var first = TestModels.Items - 2;
        var count = model.ReadNeighbours(first, neighbours, similarities);

        Assert.Equal(0.4, model.NeighbourShare);
        Assert.Equal([first - 2, first - 1], neighbours[..count]);
        Assert.Equal([0.75f, 0.25f], similarities[..count]);
        Assert.Equal(0, model.ReadNeighbours(10_000, neighbours, similarities));
    }

    [Fact]
    public async Task NeighbourShare_BundleWithout_IsNone()
    {
        using var model = await ServeAsync(null);

        Assert.Equal(0, model.NeighbourShare);
        Assert.Equal(0, model.ReadNeighbours(0, new int[100], new float[100]));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0.95")]
    [InlineData("half")]
    public async Task LoadAsync_NeighboursWithAShareThatIsNone_IsRefused(string share)
    {
        using var folder = new TemporaryFolder();
        var contents = TestModels.Contents() with { Neighbours = new(new ItemTable(new int[TestModels.Items + 1], [], []), 0.4) };
        await BundleWriter.PublishAsync(folder.Path, "v1.0.0", contents, TestContext.Current.CancellationToken);
        var path = Path.Combine(folder.Path, "v1.0.0", BundleFiles.Manifest);
        var manifest = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        Assert.Contains("\"neighbours.share\": \"0.4\"", manifest, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, manifest.Replace("\"neighbours.share\": \"0.4\"", $"\"neighbours.share\": \"{share}\"",
            StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var refusal = await Assert.ThrowsAsync<RecSysException>(() => ModelBundle.LoadAsync(
            Path.Combine(folder.Path, "v1.0.0"), TestModels.Catalogue, TestContext.Current.CancellationToken));

        Assert.Contains("neighbours.share", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<ServingModel> ServeAsync(ItemTable? transitions, NeighbourSource? neighbours = null)
    {
        using var folder = new TemporaryFolder();
        var contents = TestModels.Contents() with { Transitions = transitions, Neighbours = neighbours };
        await BundleWriter.PublishAsync(folder.Path, "v1.0.0", contents, TestContext.Current.CancellationToken);
        var bundle = await ModelBundle.LoadAsync(
            Path.Combine(folder.Path, "v1.0.0"), TestModels.Catalogue, TestContext.Current.CancellationToken);
        return new ServingModel(bundle, ItemCatalog.Create(
            contents.ItemIds.Where((_, row) => row != 2).Reverse().Select(id => new Item { Id = id, Title = "t", Category = "c" })));
    }
}
