using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Ranking.Calibration;
using RecSys.Core.Ranking.Forest;
using RecSys.Core.Retrieval.Transitions;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Retrieval.VectorSearch;

namespace RecSys.Core.Models;

/// <summary>One model version in memory: immutable, complete, checked. Requests reach it through a <see cref="ModelPool{T}"/>.</summary>
public sealed class ModelBundle : IDisposable
{
    private static readonly string[] Required =
        [BundleFiles.UserTower, BundleFiles.Ranker, BundleFiles.Calibration, BundleFiles.FeatureReference, BundleFiles.Golden];

    private ModelBundle(
        BundleManifest manifest, string[] itemIds, float[] embeddings, IVectorIndex index, UserTower tower, Forest forest, ICalibrator calibrator, byte[] reference)
    {
        Manifest = manifest;
        ItemIds = itemIds;
        Embeddings = embeddings;
        Index = index;
        UserTower = tower;
        Forest = forest;
        Calibrator = calibrator;
        FeatureReference = reference;
    }

    public BundleManifest Manifest { get; }

    /// <summary>By row of <see cref="Embeddings"/>, which is also the id in <see cref="Index"/>.</summary>
    public IReadOnlyList<string> ItemIds { get; }

    /// <summary>[items × <see cref="Dimension"/>], row-major.</summary>
    public ReadOnlyMemory<float> Embeddings { get; }
    public int Dimension => Manifest.Dimension;
    public IVectorIndex Index { get; }

    /// <summary>Why <see cref="Index"/> is not the one that the bundle brought, or finds less than was asked for; for the log. Null when all is as it should be.</summary>
    public string? IndexRemark { get; private init; }
    public UserTower UserTower { get; }

    /// <summary>By row of <see cref="Embeddings"/>; null where the bundle brought none.</summary>
    public ItemTransitions? Transitions { get; private init; }

    /// <summary>Its columns are those of the feature catalogue.</summary>
    public Forest Forest { get; }
    public ICalibrator Calibrator { get; }

    /// <summary>The histograms of the training features, UTF-8 JSON.</summary>
    public ReadOnlyMemory<byte> FeatureReference { get; }

    /// <summary>
    /// Verifies every file, refuses a bundle made for other features, parses it and repeats its golden queries. Nothing stays behind
    /// when it fails.
    /// </summary>
    /// <param name="folder">The bundle's folder, named like its version.</param>
    /// <param name="catalogue">The features this process computes.</param>
    /// <param name="cancellationToken">Stops between files.</param>
    /// <exception cref="RecSysException">What is wrong with the bundle and what to do.</exception>
    public static Task<ModelBundle> LoadAsync(string folder, FeatureCatalogue catalogue, CancellationToken cancellationToken = default) =>
        LoadAsync(folder, catalogue, new RetrievalOptions(), cancellationToken);

    /// <inheritdoc cref="LoadAsync(string, FeatureCatalogue, CancellationToken)"/>
    /// <param name="folder">The bundle's folder, named like its version.</param>
    /// <param name="catalogue">The features this process computes.</param>
    /// <param name="retrieval">Library and device for the index file, or <c>exact</c> to do without it.</param>
    /// <param name="cancellationToken">Stops between files.</param>
    public static Task<ModelBundle> LoadAsync(
        string folder, FeatureCatalogue catalogue, RetrievalOptions retrieval, CancellationToken cancellationToken = default) =>
        LoadAsync(folder, catalogue, retrieval, MemoryBudget.Available(), cancellationToken);

    internal static async Task<ModelBundle> LoadAsync(
        string folder, FeatureCatalogue catalogue, RetrievalOptions retrieval, long availableBytes, CancellationToken cancellationToken)
    {
        try
        {
            // What costs nothing comes first: a bundle that cannot serve here anyway is refused before its files are read.
            var manifest = await BundleVerifier.VerifyShapeAsync(folder, cancellationToken);
            foreach (var name in Required)
            {
                if (!manifest.Files.ContainsKey(name)) throw BundleVerifier.Bad(folder, name, "is missing");
            }
            RequireSameFeatures(manifest, catalogue);
            MemoryBudget.Require(manifest, availableBytes);
            await BundleVerifier.VerifyFilesAsync(folder, manifest, cancellationToken);
            return await ParseAsync(folder, manifest, retrieval, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or ArgumentException or OverflowException or OutOfMemoryException)
        {
            throw new RecSysException($"The bundle in {folder} cannot be loaded: {e.Message} Publish it again, or serve another.", e);
        }
    }

    public void Dispose() => Index.Dispose();

    private static async Task<ModelBundle> ParseAsync(string folder, BundleManifest manifest, RetrievalOptions retrieval, CancellationToken cancellationToken)
    {
        string PathOf(string name) => BundleName.Resolve(folder, name);

        var embeddings = await ReadEmbeddingsAsync(PathOf(BundleFiles.ItemEmbeddings), folder, manifest, cancellationToken);
        var ids = await BundleVerifier.ReadIdsAsync(folder, manifest.Files[BundleFiles.ItemIds].Bytes, cancellationToken);
        var tower = UserTower.Load(PathOf(BundleFiles.UserTower));
        if (tower.Dimension != manifest.Dimension)
            throw BundleVerifier.Bad(folder, BundleFiles.UserTower, $"has dimension {tower.Dimension}, the manifest says {manifest.Dimension}");
        var forest = Forest.Parse(await File.ReadAllTextAsync(PathOf(BundleFiles.Ranker), cancellationToken));
        if (!forest.FeatureNames.SequenceEqual(manifest.FeatureNames))
            throw BundleVerifier.Bad(folder, BundleFiles.Ranker, "was trained on other features than the manifest lists");
        var calibrator = CalibrationFile.Load(PathOf(BundleFiles.Calibration));
        var reference = await File.ReadAllBytesAsync(PathOf(BundleFiles.FeatureReference), cancellationToken);
        RequireJson(folder, reference);

        var transitions = manifest.Files.ContainsKey(BundleFiles.Transitions) ? TransitionFile.Load(PathOf(BundleFiles.Transitions), manifest.ItemCount) : null;

        var file = manifest.Files.GetValueOrDefault(BundleFiles.Index);
        var (index, remark) = await IndexLoading.LoadAsync(
            file is null ? null : PathOf(BundleFiles.Index), file?.Sha256 ?? "", IndexName(manifest), embeddings, manifest.Dimension, retrieval, cancellationToken);
        try
        {
            if (index.Count != manifest.ItemCount)
                throw new RecSysException($"The index of {manifest.Version} holds {index.Count} of {manifest.ItemCount} items. Build and publish the bundle again.");
            var golden = GoldenCheck.Read(PathOf(BundleFiles.Golden));
            if (new GoldenCheck(tower, embeddings, manifest.Dimension, forest, calibrator).Difference(golden, index) is { } difference)
                throw BundleVerifier.Bad(folder, BundleFiles.Golden, $"does not agree with the models ({difference})");
            return new ModelBundle(manifest, ids, embeddings, index, tower, forest, calibrator, reference) { IndexRemark = remark ?? manifest.Options.GetValueOrDefault(BuiltIndex.ShortfallKey), Transitions = transitions };
        }
        catch
        {
            index.Dispose();
            throw;
        }
    }

    private static string IndexName(BundleManifest manifest) =>
        $"{manifest.Options.GetValueOrDefault("index.kind", "FAISS index")} {manifest.Options.GetValueOrDefault("index.parameter")}".TrimEnd();

    private static void RequireSameFeatures(BundleManifest manifest, FeatureCatalogue catalogue)
    {
        var differences = catalogue.DifferencesFrom(manifest.FeatureNames);
        if (differences.Count == 0 && manifest.FeatureHash == catalogue.Hash) return;
        var shown = differences.Count == 0
            ? "the names agree, but units, kinds or versions of some features changed"
            : string.Join("; ", differences.Take(10)) + (differences.Count > 10 ? $"; and {differences.Count - 10} more" : "");
        throw new RecSysException($"The bundle {manifest.Version} was trained on other features than this program computes: {shown}. Train a new version with this program, or run the program the bundle was made for.");
    }

    private static void RequireJson(string folder, byte[] json)
    {
        try
        {
            using var _ = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16 });
        }
        catch (JsonException e)
        {
            throw BundleVerifier.Bad(folder, BundleFiles.FeatureReference, $"is not valid JSON ({e.Message})");
        }
    }

    private static async Task<float[]> ReadEmbeddingsAsync(string path, string folder, BundleManifest manifest, CancellationToken cancellationToken)
    {
        var length = (long)manifest.ItemCount * manifest.Dimension;
        if (length > Array.MaxLength)
            throw BundleVerifier.Bad(folder, BundleFiles.ItemEmbeddings, $"holds {length} floats, more than one array can");
        var values = GC.AllocateUninitializedArray<float>((int)length);
        const int piece = 1 << 18;
        var buffer = ArrayPool<byte>.Shared.Rent(piece * sizeof(float));
        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan | FileOptions.Asynchronous);
            for (var start = 0; start < values.Length; start += piece)
            {
                var floats = Math.Min(piece, values.Length - start);
                await file.ReadExactlyAsync(buffer.AsMemory(0, floats * sizeof(float)), cancellationToken);
                MemoryMarshal.Cast<byte, float>(buffer.AsSpan(0, floats * sizeof(float))).CopyTo(values.AsSpan(start));
            }
            return values;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
