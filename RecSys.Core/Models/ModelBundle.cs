using System.Globalization;
using System.Text.Json;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Models.Signing;
using RecSys.Core.Ranking.Calibration;
using RecSys.Core.Ranking.Forest;
using RecSys.Core.Retrieval.ItemTables;
using RecSys.Core.Retrieval.Neighbours;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Retrieval.VectorSearch;

namespace RecSys.Core.Models;

/// <summary>One model version in memory: immutable, complete, checked. Requests reach it through a <see cref="ModelPool{T}"/>.</summary>
public sealed class ModelBundle : IDisposable
{
    private static readonly string[] Required =
        [BundleFiles.UserTower, BundleFiles.Ranker, BundleFiles.Calibration, BundleFiles.FeatureReference, BundleFiles.Golden];

    private ModelBundle(
        BundleManifest manifest, ItemIdList itemIds, ItemVectors embeddings, IVectorIndex index, UserTower tower, Forest forest,
        ICalibrator calibrator, byte[] reference)
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

    /// <summary>Hash of the text model whose embeddings the item tower reads; null when it reads none, or an unknown one.</summary>
    public string? TextModel => Manifest.Options.GetValueOrDefault(BundleManifest.TextModelOption);

    /// <summary>By row of <see cref="Embeddings"/>, which is also the id in <see cref="Index"/>.</summary>
    public ItemIdList ItemIds { get; }

    /// <summary>
    /// One row of length one per item. Where the exact index serves, it scans these; else they lie in the lists of the index or in the
    /// mapped file.
    /// </summary>
    public ItemVectors Embeddings { get; }
    public int Dimension => Manifest.Dimension;
    public IVectorIndex Index { get; }

    /// <summary>
    /// Why <see cref="Index"/> is not the one that the bundle brought, or finds less than was asked for, and that new items cannot be
    /// embedded; for the log. Null when all is as it should be.
    /// </summary>
    public string? IndexRemark { get; private init; }
    public UserTower UserTower { get; }

    /// <summary>Embeds items that the bundle does not know; null where it brought none.</summary>
    public ItemTower? ItemTower { get; private init; }

    /// <summary>Most items that are taken in beside the index; see <see cref="RetrievalOptions.NewItemsUpTo"/>.</summary>
    public int MaxNewItems { get; private init; }

    /// <summary>What training learnt of each id, by row of <see cref="Embeddings"/>; null where the bundle brought none.</summary>
    public IdVectors? IdVectors { get; private init; }

    /// <summary>By row of <see cref="Embeddings"/>; null where the bundle brought none.</summary>
    public ItemTable? Transitions { get; private init; }

    /// <summary>By row of <see cref="Embeddings"/>; null where item-kNN proposes nothing.</summary>
    public NeighbourSource? Neighbours { get; private init; }

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
        LoadAsync(folder, catalogue, retrieval, BundleTrust.None, MemoryBudget.Available(), cancellationToken);

    /// <inheritdoc cref="LoadAsync(string, FeatureCatalogue, CancellationToken)"/>
    /// <param name="folder">The bundle's folder, named like its version.</param>
    /// <param name="catalogue">The features this process computes.</param>
    /// <param name="retrieval">Library and device for the index file, or <c>exact</c> to do without it.</param>
    /// <param name="trust">Looks at the signature first.</param>
    /// <param name="cancellationToken">Stops between files.</param>
    public static Task<ModelBundle> LoadAsync(
        string folder, FeatureCatalogue catalogue, RetrievalOptions retrieval, BundleTrust trust, CancellationToken cancellationToken) =>
        LoadAsync(folder, catalogue, retrieval, trust, MemoryBudget.Available(), cancellationToken);

    internal static async Task<ModelBundle> LoadAsync(
        string folder, FeatureCatalogue catalogue, RetrievalOptions retrieval, BundleTrust trust, long availableBytes,
        CancellationToken cancellationToken)
    {
        try
        {
            // What costs nothing comes first: a bundle that cannot serve here anyway is refused before its files are read.
            var manifest = await BundleVerifier.VerifyShapeAsync(folder, trust, cancellationToken);
            foreach (var name in Required)
            {
                if (!manifest.Files.ContainsKey(name)) throw BundleVerifier.Bad(folder, name, "is missing");
            }
            RequireSameFeatures(manifest, catalogue);
            MemoryBudget.Require(manifest, availableBytes);
            return await ParseAsync(folder, manifest, retrieval, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or ArgumentException
            or OverflowException or OutOfMemoryException)
        {
            throw new RecSysException($"The bundle in {folder} cannot be loaded: {e.Message} Publish it again, or serve another.", e);
        }
    }

    public void Dispose()
    {
        Embeddings.Dispose();
        Index.Dispose();
        IdVectors?.Dispose();
    }

    private static async Task<ModelBundle> ParseAsync(string folder, BundleManifest manifest, RetrievalOptions retrieval,
        CancellationToken cancellationToken)
    {
        string PathOf(string name) => BundleName.Resolve(folder, name);
        string? OptionalPathOf(string name) => manifest.Files.ContainsKey(name) ? PathOf(name) : null;

        var (exact, remark) = IndexLoading.Choose(OptionalPathOf(BundleFiles.Index), retrieval);
        // A scan is quickest in an array of its own; what one array cannot hold is scanned in the file.
        var keep = exact && (long)manifest.ItemCount * manifest.Dimension <= Array.MaxLength;
        var files = await BundleVerifier.ReadAsync(folder, manifest, keep, cancellationToken);
        var tower = UserTower.Load(PathOf(BundleFiles.UserTower));
        RequireDimension(folder, BundleFiles.UserTower, tower.Dimension, manifest);
        var itemTower = OptionalPathOf(BundleFiles.ItemTower) is { } towerPath ? ItemTower.Load(towerPath) : null;
        if (itemTower is not null) RequireDimension(folder, BundleFiles.ItemTower, itemTower.Dimension, manifest);
        var forest = Forest.Parse(await File.ReadAllTextAsync(PathOf(BundleFiles.Ranker), cancellationToken));
        if (!forest.FeatureNames.SequenceEqual(manifest.FeatureNames))
            throw BundleVerifier.Bad(folder, BundleFiles.Ranker, "was trained on other features than the manifest lists");
        var calibrator = CalibrationFile.Load(PathOf(BundleFiles.Calibration));
        var reference = await File.ReadAllBytesAsync(PathOf(BundleFiles.FeatureReference), cancellationToken);
        RequireJson(folder, reference);
        var transitions = OptionalPathOf(BundleFiles.Transitions) is { } transitionPath
            ? ItemTableFile.Load(transitionPath, manifest.ItemCount) : null;
        var neighbours = OptionalPathOf(BundleFiles.Neighbours) is { } neighbourPath
            ? new NeighbourSource(ItemTableFile.Load(neighbourPath, manifest.ItemCount), NeighbourShare(folder, manifest)) : null;

        ItemVectors? vectors = null;
        IVectorIndex? index = null;
        IdVectors? ids = null;
        try
        {
            ContiguousVectors rows = files.Embeddings is { } copy
                ? new MemoryVectors(copy, manifest.Dimension)
                : new MappedVectors(PathOf(BundleFiles.ItemEmbeddings), manifest.ItemCount, manifest.Dimension);
            vectors = rows;
            if (exact)
            {
                index = new ExactIndex(rows);
            }
            else
            {
                var faiss = await IndexLoading.LoadAsync(
                    PathOf(BundleFiles.Index), manifest.Files[BundleFiles.Index].Sha256, IndexName(manifest), manifest.ItemCount,
                    manifest.Dimension, retrieval, cancellationToken);
                index = faiss;
                vectors = IndexLoading.WithoutCopy(faiss, rows);
            }
            if (OptionalPathOf(BundleFiles.IdVectors) is { } idPath) ids = new IdVectors(idPath, manifest.ItemCount, manifest.Dimension);
            if (index.Count != manifest.ItemCount)
                throw new RecSysException($"The index of {manifest.Version} holds {index.Count} of {manifest.ItemCount} items. Build and "
                    + "publish the bundle again.");
            var golden = GoldenCheck.Read(PathOf(BundleFiles.Golden));
            if (new GoldenCheck(tower, vectors, forest, calibrator).Difference(golden, index) is { } difference)
                throw BundleVerifier.Bad(folder, BundleFiles.Golden, $"does not agree with the models ({difference})");
            if (itemTower is not null && GoldenItems.Difference(golden.Items, itemTower, ids) is { } itemDifference)
                throw BundleVerifier.Bad(folder, BundleFiles.Golden, $"does not agree with the item tower ({itemDifference})");
            return new ModelBundle(manifest, files.Ids, vectors, index, tower, forest, calibrator, reference)
            {
                IndexRemark = Remarks(remark ?? manifest.Options.GetValueOrDefault(BuiltIndex.ShortfallKey), itemTower),
                ItemTower = itemTower,
                MaxNewItems = retrieval.NewItemsUpTo,
                IdVectors = ids,
                Transitions = transitions,
                Neighbours = neighbours,
            };
        }
        catch
        {
            vectors?.Dispose();
            index?.Dispose();
            ids?.Dispose();
            throw;
        }
    }

    private static string? Remarks(string? ofIndex, ItemTower? itemTower)
    {
        if (itemTower is not null) return ofIndex;
        const string noTower = "The bundle has no item tower, so items that are newer than it are found by the other sources only, not "
            + "by their content; train again to change that.";
        return ofIndex is null ? noTower : $"{ofIndex} {noTower}";
    }

    private static void RequireDimension(string folder, string name, int dimension, BundleManifest manifest)
    {
        if (dimension != manifest.Dimension)
            throw BundleVerifier.Bad(folder, name, $"has dimension {dimension}, the manifest says {manifest.Dimension}");
    }

    private static double NeighbourShare(string folder, BundleManifest manifest)
    {
        var text = manifest.Options.GetValueOrDefault(BundleManifest.NeighbourShareOption);
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var share)
            && share is > 0 and <= NeighbourSource.MostShare)
            return share;
        throw BundleVerifier.Bad(folder, BundleFiles.Manifest, $"has neighbours, but {BundleManifest.NeighbourShareOption} is no share "
            + $"above 0 and at most {NeighbourSource.MostShare}");
    }

    private static string IndexName(BundleManifest manifest) =>
        $"{manifest.Options.GetValueOrDefault("index.kind", "FAISS index")} {manifest.Options.GetValueOrDefault("index.parameter")}"
            .TrimEnd();

    private static void RequireSameFeatures(BundleManifest manifest, FeatureCatalogue catalogue)
    {
        var differences = catalogue.DifferencesFrom(manifest.FeatureNames);
        if (differences.Count == 0 && manifest.FeatureHash == catalogue.Hash) return;
        var shown = differences.Count == 0
            ? "the names agree, but units, kinds or versions of some features changed"
            : string.Join("; ", differences.Take(10)) + (differences.Count > 10 ? $"; and {differences.Count - 10} more" : "");
        throw new RecSysException($"The bundle {manifest.Version} was trained on other features than this program computes: {shown}. "
            + "Train a new version with this program, or run the program the bundle was made for.");
    }

    private static void RequireJson(string folder, byte[] json)
    {
        try
        {
            using var _ = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16 });
        }
        catch (JsonException e)
        {
            throw BundleVerifier.Bad(folder, BundleFiles.FeatureReference, $"is not valid JSON ({JsonFaults.Describe(e)})");
        }
    }
}
