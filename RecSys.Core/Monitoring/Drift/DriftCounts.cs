using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using RecSys.Core.Domain;
using RecSys.Core.Domain.Columns;
using RecSys.Core.Features;
using RecSys.Core.Models.Reference;
using RecSys.Core.Monitoring.Windows;

namespace RecSys.Core.Monitoring.Drift;

/// <summary>
/// Lists of one model version, counted into the bins of its reference; and, whatever the version, what became of events. Features that are
/// the same for all places of a list count once a list. Some 12 KB, 1 to 3 KB in its stored form. Not thread-safe.
/// </summary>
internal sealed class DriftCounts
{
    private readonly FeatureCatalogue catalogue;
    private readonly int[][] features;
    private readonly int[] scores = new int[DriftReference.ScoreEdges.Length + 2];
    private readonly int[] cosines = new int[DriftReference.CosineEdges.Length + 2];
    private readonly Dictionary<string, int> categories = new(StringComparer.Ordinal);
    private double[] embeddingSum = [];

    /// <param name="catalogue">The features and their bins.</param>
    /// <param name="version">Whose lists.</param>
    public DriftCounts(FeatureCatalogue catalogue, string version)
    {
        (this.catalogue, Version) = (catalogue, version);
        features = [.. catalogue.Features.Select(feature => new int[feature.DriftBins.Length + 2])];
    }

    public string Version { get; }

    public int Lists { get; private set; }

    /// <summary>Places of those lists.</summary>
    public int Rows { get; private set; }

    /// <summary>Lists whose user had an embedding of the reference's dimension.</summary>
    public int Embeddings { get; private set; }

    public EventQuality Quality { get; set; }

    public bool IsEmpty => Lists == 0 && Quality.All == 0;

    /// <summary>Rows, or lists, by bin, what is missing last.</summary>
    public ReadOnlySpan<int> Feature(int column) => features[column];

    public ReadOnlySpan<int> Scores => scores;

    public ReadOnlySpan<int> Cosines => cosines;

    /// <summary>Places by category.</summary>
    public IReadOnlyDictionary<string, int> Categories => categories;

    /// <summary>Sum of the embeddings; empty without any.</summary>
    public ReadOnlySpan<double> EmbeddingSum => embeddingSum;

    /// <summary>Counts a list of this version.</summary>
    /// <param name="sample">The list.</param>
    /// <param name="reference">Of the version; null: features and scores alone.</param>
    /// <param name="items">Gives the categories.</param>
    public void Add(ListSample sample, DriftReference? reference, ItemCatalog items)
    {
        Lists++;
        Rows += sample.Rows;
        for (var row = 0; row < sample.Rows; row++)
        {
            var values = sample.FeaturesOf(row);
            for (var column = 0; column < features.Length; column++)
            {
                var feature = catalogue.Features[column];
                if (row == 0 || feature.PerCandidate)
                    features[column][FeatureHistogram.BinOf(feature.DriftBins.AsSpan(), values[column])]++;
            }
            scores[FeatureHistogram.BinOf(DriftReference.ScoreEdges, sample.Scores[row])]++;
            Add(reference?.Categories, (uint)sample.Items[row] < (uint)items.Count ? items.CategoryNameOf(sample.Items[row]) : "");
        }
        if (reference?.Embedding is { } embedding && embedding.Mean.Length == sample.Embedding.Length) Add(embedding, sample.Embedding);
    }

    /// <summary>Adds the counts of another stretch of the same version.</summary>
    public void Add(DriftCounts other)
    {
        (Lists, Rows, Embeddings) = (Lists + other.Lists, Rows + other.Rows, Embeddings + other.Embeddings);
        Quality += other.Quality;
        for (var i = 0; i < features.Length; i++) Sum(features[i], other.features[i]);
        Sum(scores, other.scores);
        Sum(cosines, other.cosines);
        foreach (var (name, count) in other.categories) CollectionsMarshal.GetValueRefOrAddDefault(categories, name, out _) += count;
        if (embeddingSum.Length == 0) embeddingSum = [.. other.embeddingSum];
        else if (other.embeddingSum.Length == embeddingSum.Length) TensorPrimitives.Add(embeddingSum, other.embeddingSum, embeddingSum);
    }

    /// <summary>Stored form.</summary>
    public byte[] ToBytes(RecordWriter writer)
    {
        writer.Clear();
        writer.Text(catalogue.Hash);
        writer.Text(Version);
        foreach (var count in (ReadOnlySpan<long>)[Quality.Accepted, Quality.Parked, Quality.Duplicates, Quality.Refused])
            writer.Int64(count);
        foreach (var count in (ReadOnlySpan<int>)[Lists, Rows, Embeddings]) writer.Varint((uint)count);
        foreach (var bins in features) Write(writer, bins);
        Write(writer, scores);
        Write(writer, cosines);
        writer.Varint((uint)categories.Count);
        foreach (var (name, count) in categories)
        {
            writer.Text(name);
            writer.Varint((uint)count);
        }
        writer.Varint((uint)embeddingSum.Length);
        foreach (var value in embeddingSum) writer.Double(value);
        return writer.Written.ToArray();
    }

    /// <exception cref="InvalidDataException">It is no stored form, or of other features.</exception>
    public static DriftCounts Of(ReadOnlySpan<byte> bytes, FeatureCatalogue catalogue) =>
        StoredForm.Read(bytes, (ref RecordReader reader) => Read(ref reader, catalogue));

    private static DriftCounts Read(ref RecordReader reader, FeatureCatalogue catalogue)
    {
        if (reader.Text() != catalogue.Hash) throw new InvalidDataException("it counts other features than this program computes");
        var counts = new DriftCounts(catalogue, reader.Text())
        {
            Quality = new EventQuality(reader.Int64(), reader.Int64(), reader.Int64(), reader.Int64()),
        };
        (counts.Lists, counts.Rows, counts.Embeddings) = ((int)reader.Varint(), (int)reader.Varint(), (int)reader.Varint());
        foreach (var bins in counts.features) Read(ref reader, bins);
        Read(ref reader, counts.scores);
        Read(ref reader, counts.cosines);
        for (var left = reader.Varint(); left > 0; left--) counts.categories[reader.Text()] = (int)reader.Varint();
        counts.embeddingSum = new double[reader.Varint()];
        for (var i = 0; i < counts.embeddingSum.Length; i++) counts.embeddingSum[i] = reader.Double();
        return counts;
    }

    private void Add(Dictionary<string, int>? known, string category)
    {
        if (known is null) return;
        if (!known.ContainsKey(category)) category = DriftReference.OtherCategories;
        CollectionsMarshal.GetValueRefOrAddDefault(categories, category, out _)++;
    }

    private void Add(EmbeddingReference reference, ReadOnlySpan<float> embedding)
    {
        var (length, mean) = (TensorPrimitives.Norm(embedding), TensorPrimitives.Norm<float>(reference.Mean));
        if (!(length > 0 && mean > 0)) return;
        Embeddings++;
        if (embeddingSum.Length == 0) embeddingSum = new double[embedding.Length];
        for (var i = 0; i < embedding.Length; i++) embeddingSum[i] += embedding[i] / length;
        var cosine = TensorPrimitives.Dot(embedding, reference.Mean) / (length * mean);
        cosines[FeatureHistogram.BinOf(DriftReference.CosineEdges, cosine)]++;
    }

    private static void Sum(int[] into, int[] more) => TensorPrimitives.Add(into, more, into);

    private static void Write(RecordWriter writer, int[] bins)
    {
        foreach (var count in bins) writer.Varint((uint)count);
    }

    private static void Read(ref RecordReader reader, int[] bins)
    {
        for (var i = 0; i < bins.Length; i++) bins[i] = (int)reader.Varint();
    }
}
