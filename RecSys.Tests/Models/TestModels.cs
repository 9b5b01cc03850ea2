using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using RecSys.Api.Commands.Bench;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Models;
using RecSys.Core.Ranking.Calibration;
using RecSys.Core.Retrieval.TwoTower;

namespace RecSys.Tests.Models;

/// <summary>Complete small bundles with real models of random weights.</summary>
internal static class TestModels
{
    public const int Items = 60;
    public const int Dimension = 8;

    public static FeatureCatalogue Catalogue { get; } = new(FeatureCatalogue.Default.Features.Take(3));

    public static BundleContents Contents(int seed = 1, int dimension = Dimension) => new()
    {
        ItemIds = [.. Enumerable.Range(0, Items).Select(i => $"item-{i}-é")],
        Embeddings = TestBundles.Embeddings(Items, dimension),
        UserTower = Tower(seed, dimension),
        ItemTower = ItemTower(seed, dimension),
        Ids = Ids(dimension),
        GoldenItems = [(0, Item(0)), (UnknownIdRow, Item(UnknownIdRow))],
        RankerText = Ranker(Catalogue.Names),
        Calibrator = new PlattCalibrator(0.9, -0.1),
        Catalogue = Catalogue,
        FeatureReferenceJson = """{"user":{}}""",
        TrainingWindow = new TrainingWindow(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(7), 1000),
        CreatedAt = DateTimeOffset.UnixEpoch.AddDays(8),
        Metrics = new Dictionary<string, double> { ["auc"] = 0.7 },
    };

    /// <summary>The row of which training has learnt nothing.</summary>
    public const int UnknownIdRow = 7;

    /// <summary>The item of a row, or of a number beyond.</summary>
    public static Item Item(int row) => new()
    {
        Id = $"item-{row}-é", Title = $"Item {row} of the shop", Category = $"category {row % 5}", Creator = $"creator {row % 7}",
            Price = row % 3 == 0 ? null : row,
        Tags = [.. Enumerable.Range(0, row % 4).Select(tag => $"tag {tag}")], CreatedAt = DateTimeOffset.UnixEpoch.AddDays(row),
    };

    public static ItemTower ItemTower(int seed, int dimension = Dimension, int textDimension = 0) =>
        RandomItemTower.Create(seed, dimension, hidden: 12, every: 4, textDimension);

    /// <summary>What training would have learnt of an id.</summary>
    public static float[] IdVector(int row, int dimension = Dimension)
    {
        var random = new Random(row);
        return [.. Enumerable.Range(0, dimension).Select(_ => row == UnknownIdRow ? 0 : random.NextSingle() - 0.5f)];
    }

    private static IdTable Ids(int dimension)
    {
        var table = new IdTable(Items, dimension);
        for (var row = 0; row < Items; row++) table.Set(row, IdVector(row, dimension));
        return table;
    }

    public static UserTower Tower(int seed, int dimension = Dimension) =>
        RandomUserTower.Create(seed, dimension, heads: 2, blocks: 1, history: 10, hidden: 6);

    /// <summary>One stump per feature: at most 0.5 gives -0.25 × number, more gives 0.75 × number.</summary>
    public static string Ranker(IReadOnlyList<string> names)
    {
        var trees = names.Select((_, feature) => string.Create(CultureInfo.InvariantCulture,
            $"Tree={feature}\nnum_leaves=2\nnum_cat=0\nsplit_feature={feature}\nsplit_gain=1\nthreshold=0.5\ndecision_type=2\nleft_child=-1\nright_child=-2\nleaf_value={-0.25 * (feature + 1)} {0.75 * (feature + 1)}\nleaf_weight=1 1\nleaf_count=1 1\ninternal_value=0\ninternal_weight=0\ninternal_count=2\nis_linear=0\nshrinkage=1\n\n\n")).ToArray();
        var infos = string.Join(' ', names.Select(_ => "[-1:1]"));
        return $"tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\nmax_feature_idx={names.Count - 1}\nobjective=binary sigmoid:1\n"
            + $"feature_names={string.Join(' ', names)}\nfeature_infos={infos}\ntree_sizes={string.Join(' ', trees.Select(tree => tree.Length))}\n\n{string.Concat(trees)}end of trees\n";
    }

    /// <summary>Makes the manifest agree with the files as they are now, as if they had been published so.</summary>
    public static async Task ResealAsync(string folder)
    {
        var path = Path.Combine(folder, BundleFiles.Manifest);
        var json = JsonNode.Parse(await File.ReadAllBytesAsync(path))!.AsObject();
        var files = new JsonObject();
        foreach (var file in Directory.EnumerateFiles(folder).Where(file => Path.GetFileName(file) != BundleFiles.Manifest))
        {
            var (sha, bytes) = await BundlePublication.DescribeAsync(file, TestContext.Current.CancellationToken);
            files[Path.GetFileName(file)] = new JsonObject { ["sha256"] = sha, ["bytes"] = bytes };
        }
        json["files"] = files;
        await File.WriteAllTextAsync(path, json.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
    }
}
