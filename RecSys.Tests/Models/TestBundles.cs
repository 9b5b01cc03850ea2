using System.Text;
using RecSys.Core.Models;

namespace RecSys.Tests.Models;

/// <summary>Small bundles whose content is only embeddings, ids and one text file.</summary>
internal static class TestBundles
{
    public const int Items = 5;
    public const int Dimension = 4;

    public static BundleManifest Draft(int items = Items, int dimension = Dimension) => new()
    {
        Version = "draft",
        CreatedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        GitCommit = "abc1234",
        FeatureNames = ["user.clicks_7d", "item.ctr"],
        FeatureHash = "f00d",
        Dimension = dimension,
        ItemCount = items,
        TrainingWindow = new TrainingWindow(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(7), 1000),
        Metrics = new Dictionary<string, double> { ["auc"] = 0.75 },
        Options = new Dictionary<string, string> { ["ranker.num_leaves"] = "31" },
    };

    public static float[] Embeddings(int items = Items, int dimension = Dimension)
    {
        var random = new Random(42);
        var rows = new float[items * dimension];
        for (var row = 0; row < items; row++)
        {
            double norm = 0;
            for (var i = 0; i < dimension; i++) norm += Math.Pow(rows[row * dimension + i] = random.NextSingle() - 0.5f, 2);
            for (var i = 0; i < dimension; i++) rows[row * dimension + i] /= (float)Math.Sqrt(norm);
        }
        return rows;
    }

    public static byte[] Bytes(float[] values)
    {
        var bytes = new byte[values.Length * sizeof(float)];
        Buffer.BlockCopy(values, 0, bytes, 0, bytes.Length);
        return bytes;
    }

    public static Func<string, Task> Writer(float[]? embeddings = null, string? ids = null) => async folder =>
    {
        await File.WriteAllBytesAsync(Path.Combine(folder, BundleFiles.ItemEmbeddings), Bytes(embeddings ?? Embeddings()));
        await File.WriteAllTextAsync(Path.Combine(folder, BundleFiles.ItemIds), ids ?? "a\nb\nc\nd\ne\n", new UTF8Encoding(false));
        await File.WriteAllTextAsync(Path.Combine(folder, BundleFiles.Ranker), "tree\n");
    };

    public static Task<BundleManifest> PublishAsync(string root, string version) =>
        BundlePublisher.PublishAsync(root, version, Writer(), Draft(), TestContext.Current.CancellationToken);
}
