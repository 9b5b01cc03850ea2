using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using RecSys.Core.Domain;
using RecSys.Core.Models.Signing;
using RecSys.Core.Ranking.Calibration;
using RecSys.Core.Ranking.Forest;
using RecSys.Core.Retrieval.ItemTables;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Retrieval.VectorSearch;

namespace RecSys.Core.Models;

/// <summary>Turns <see cref="BundleContents"/> into the files of a bundle, golden results included.</summary>
public static class BundleWriter
{
    private const int SeededExamples = 8;
    private const int Seed = 20260101;

    /// <summary>Writes the files and publishes them as one version.</summary>
    /// <returns>The manifest as written.</returns>
    /// <exception cref="RecSysException">The contents do not fit together, or the version exists.</exception>
    public static Task<BundleManifest> PublishAsync(
        string modelsRoot, string version, BundleContents contents, CancellationToken cancellationToken = default) =>
        PublishAsync(modelsRoot, version, contents, BundleTrust.None, cancellationToken);

    /// <inheritdoc cref="PublishAsync(string, string, BundleContents, CancellationToken)"/>
    /// <param name="modelsRoot">Created when missing.</param>
    /// <param name="version">Name of the new version.</param>
    /// <param name="contents">What was trained.</param>
    /// <param name="trust">Signs the manifest, where it has a key for that.</param>
    /// <param name="cancellationToken">Stops before the bundle is visible.</param>
    public static Task<BundleManifest> PublishAsync(
        string modelsRoot, string version, BundleContents contents, BundleTrust trust, CancellationToken cancellationToken) =>
        BundlePublisher.PublishAsync(modelsRoot, version, folder => WriteAsync(folder, contents, cancellationToken), Draft(contents),
            trust, cancellationToken);

    private static BundleManifest Draft(BundleContents contents) => new()
    {
        Version = "draft",
        CreatedAt = contents.CreatedAt,
        GitCommit = contents.GitCommit,
        FeatureNames = contents.Catalogue.Names,
        FeatureHash = contents.Catalogue.Hash,
        Dimension = contents.UserTower.Dimension,
        ItemCount = contents.ItemIds.Count,
        TrainingWindow = contents.TrainingWindow,
        LogPosition = contents.LogPosition,
        RetrievalWeight = contents.RetrievalWeight,
        Metrics = Joined(contents.Metrics, contents.Index?.Metrics),
        Options = Joined(WithNeighbours(contents), contents.Index?.Options),
    };

    private static IReadOnlyDictionary<string, string> WithNeighbours(BundleContents contents) => contents.Neighbours is not { } neighbours
        ? contents.Options
        : new Dictionary<string, string>(contents.Options)
        {
            [BundleManifest.NeighbourShareOption] = neighbours.Share.ToString(CultureInfo.InvariantCulture),
        };

    private static IReadOnlyDictionary<string, T> Joined<T>(IReadOnlyDictionary<string, T> own, IReadOnlyDictionary<string, T>? more) =>
        more is null ? own : new Dictionary<string, T>(own.Concat(more.Where(entry => !own.ContainsKey(entry.Key))));

    private static async Task WriteAsync(string folder, BundleContents contents, CancellationToken cancellationToken)
    {
        var forest = Forest.Parse(contents.RankerText);
        if (!forest.FeatureNames.SequenceEqual(contents.Catalogue.Names))
            throw new RecSysException($"The ranker was trained on other features than the catalogue has: "
                + $"{string.Join("; ", contents.Catalogue.DifferencesFrom(forest.FeatureNames).Take(10))}. Train it again.");
        if ((long)contents.ItemIds.Count * contents.UserTower.Dimension != contents.Embeddings.Length)
            throw new RecSysException($"{contents.Embeddings.Length} floats are not {contents.ItemIds.Count} embeddings of "
                + $"{contents.UserTower.Dimension}. Embed every item once.");
        var stored = contents.Index?.Index as FaissIndex;
        if (stored is not null && (stored.Count != contents.ItemIds.Count || stored.Dimension != contents.UserTower.Dimension))
            throw new RecSysException($"The index holds {stored.Count} vectors of {stored.Dimension}, there are {contents.ItemIds.Count} "
                + $"items of {contents.UserTower.Dimension}. Build it of these embeddings.");

        await WriteEmbeddingsAsync(Path.Combine(folder, BundleFiles.ItemEmbeddings), contents.Embeddings, cancellationToken);
        await WriteIdsAsync(Path.Combine(folder, BundleFiles.ItemIds), contents.ItemIds, cancellationToken);
        stored?.Save(Path.Combine(folder, BundleFiles.Index));
        SaveTable(contents.Transitions, "transitions", BundleFiles.Transitions);
        SaveTable(contents.Neighbours?.Table, "neighbours", BundleFiles.Neighbours);
        contents.UserTower.Save(Path.Combine(folder, BundleFiles.UserTower));
        await WriteItemTowerAsync(folder, contents, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, BundleFiles.Ranker), contents.RankerText, cancellationToken);
        CalibrationFile.Save(contents.Calibrator, Path.Combine(folder, BundleFiles.Calibration));
        await File.WriteAllTextAsync(Path.Combine(folder, BundleFiles.FeatureReference), contents.FeatureReferenceJson, cancellationToken);
        if (contents.Importance is { } importance)
            await File.WriteAllBytesAsync(Path.Combine(folder, BundleFiles.Importance), importance.ToJson(), cancellationToken);

        using var vectors = new MemoryVectors(contents.Embeddings, contents.UserTower.Dimension);
        var golden = new GoldenCheck(contents.UserTower, vectors, forest, contents.Calibrator)
            .Compute(
                contents.GoldenUsers is { Count: > 0 } users ? users : SeededUsers(contents.ItemIds.Count),
                contents.GoldenFeatures is { Count: > 0 } rows ? rows : SeededRows(forest.FeatureCount),
                stored);
        if (contents.ItemTower is { } itemTower)
        {
            using var ids = contents.Ids is null
                ? null : new IdVectors(Path.Combine(folder, BundleFiles.IdVectors), contents.ItemIds.Count, contents.UserTower.Dimension);
            golden = golden with { Items = GoldenItems.Compute(contents.GoldenItems, itemTower, ids) };
        }
        await File.WriteAllBytesAsync(
            Path.Combine(folder, BundleFiles.Golden), JsonSerializer.SerializeToUtf8Bytes(golden, GoldenJson.Default.GoldenSet),
            cancellationToken);

        void SaveTable(ItemTable? table, string name, string file)
        {
            if (table is null) return;
            if (table.Count != contents.ItemIds.Count)
                throw new RecSysException($"The {name} are of {table.Count} items, there are {contents.ItemIds.Count}. Fit "
                    + "them on the same catalogue.");
            ItemTableFile.Save(table, Path.Combine(folder, file));
        }
    }

    private static async Task WriteItemTowerAsync(string folder, BundleContents contents, CancellationToken cancellationToken)
    {
        if (contents.ItemTower is not { } tower) return;
        if (tower.Dimension != contents.UserTower.Dimension)
            throw new RecSysException(
                $"The item tower has dimension {tower.Dimension}, the user tower {contents.UserTower.Dimension}. Train them together.");
        tower.Save(Path.Combine(folder, BundleFiles.ItemTower));
        if (contents.Ids is not { } ids) return;
        if (ids.Count != contents.ItemIds.Count || ids.Dimension != tower.Dimension)
            throw new RecSysException($"There are {ids.Count} vectors of ids, of {ids.Dimension}, for {contents.ItemIds.Count} items of "
                + $"{tower.Dimension}. Hand over one vector per item.");
        await IdVectors.SaveAsync(Path.Combine(folder, BundleFiles.IdVectors), ids, cancellationToken);
    }

    private static async Task WriteEmbeddingsAsync(string path, ReadOnlyMemory<float> values, CancellationToken cancellationToken)
    {
        // In pieces, because a span of bytes cannot be longer than 2 GiB.
        const int piece = 1 << 18;
        var buffer = new byte[piece * sizeof(float)];
        await using var file = File.Create(path, 1 << 16, FileOptions.Asynchronous);
        for (var start = 0; start < values.Length; start += piece)
        {
            var floats = values.Slice(start, Math.Min(piece, values.Length - start));
            MemoryMarshal.AsBytes(floats.Span).CopyTo(buffer);
            await file.WriteAsync(buffer.AsMemory(0, floats.Length * sizeof(float)), cancellationToken);
        }
    }

    private static async Task WriteIdsAsync(string path, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        await using var text = new StreamWriter(path, append: false,
            new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true)) { NewLine = "\n" };
        foreach (var id in ids) await text.WriteLineAsync(id.AsMemory(), cancellationToken);
    }

    private static IEnumerable<GoldenInput> SeededUsers(int items)
    {
        var random = new Random(Seed);
        for (var i = 0; i < SeededExamples; i++)
        {
            // Lengths 0, 3, 6, ...: somebody new is among them.
            yield return new GoldenInput(
                [.. Enumerable.Range(0, 3 * i).Select(_ => random.Next(items))],
                [.. Enumerable.Range(0, i % 4).Select(_ => random.Next(ProfileBuckets.TableRows))]);
        }
    }

    private static IEnumerable<float[]> SeededRows(int features)
    {
        var random = new Random(Seed);
        for (var i = 0; i < SeededExamples; i++)
        {
            // Sizes from thousandths to thousands, some missing: enough to reach different leaves.
            yield return [.. Enumerable.Range(0, features).Select(_ =>
                random.Next(8) == 0 ? float.NaN : (float)((random.NextDouble() - 0.3) * Math.Pow(10, random.Next(-3, 4))))];
        }
    }
}
