using RecSys.Core.Domain;
using RecSys.Core.Retrieval.ItemTables;
using RecSys.Core.Models;
using RecSys.Core.Retrieval.Transitions;
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

    private static async Task<ServingModel> ServeAsync(ItemTable? transitions)
    {
        using var folder = new TemporaryFolder();
        var contents = TestModels.Contents() with { Transitions = transitions };
        await BundleWriter.PublishAsync(folder.Path, "v1.0.0", contents, TestContext.Current.CancellationToken);
        var bundle = await ModelBundle.LoadAsync(
            Path.Combine(folder.Path, "v1.0.0"), TestModels.Catalogue, TestContext.Current.CancellationToken);
        return new ServingModel(bundle, ItemCatalog.Create(
            contents.ItemIds.Where((_, row) => row != 2).Reverse().Select(id => new Item { Id = id, Title = "t", Category = "c" })));
    }
}
