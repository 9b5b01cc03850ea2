using System.Numerics.Tensors;
using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Models.Reference;

namespace RecSys.Core.Training.Rows;

/// <summary>Makes the <see cref="DriftReference"/> of a bundle of the lists of <see cref="ReferenceRows"/>.</summary>
internal static class FeatureReference
{
    /// <param name="sample">Lists as they are met in serving.</param>
    /// <param name="catalogue">Names the columns.</param>
    /// <param name="items">Gives the categories.</param>
    public static DriftReference Of(ReferenceSample sample, FeatureCatalogue catalogue, ItemCatalog items) =>
        new(sample.Items.Count, Histograms(sample.Rows, catalogue))
        {
            Requests = sample.Requests,
            Categories = Categories(sample.Items, items),
            Scores = FeatureHistogram.Of([.. sample.Scores], DriftReference.ScoreEdges),
            Embedding = Embedding(sample.Embeddings),
        };

    /// <summary>A histogram of each column.</summary>
    /// <param name="rows">Row-major.</param>
    /// <param name="catalogue">Names the columns and has their bins.</param>
    public static Dictionary<string, FeatureHistogram> Histograms(ReadOnlySpan<float> rows, FeatureCatalogue catalogue)
    {
        var features = new Dictionary<string, FeatureHistogram>(catalogue.Count);
        var column = new float[rows.Length / catalogue.Count];
        for (var feature = 0; feature < catalogue.Count; feature++)
        {
            for (var row = 0; row < column.Length; row++) column[row] = rows[row * catalogue.Count + feature];
            features[catalogue.Names[feature]] = FeatureHistogram.Of(column, [.. catalogue.Features[feature].DriftBins]);
        }
        return features;
    }

    private static Dictionary<string, int> Categories(List<int> served, ItemCatalog items)
    {
        var counts = served.GroupBy(items.CategoryNameOf).Select(group => (Name: group.Key, Places: group.Count()))
            .OrderByDescending(category => category.Places).ThenBy(category => category.Name, StringComparer.Ordinal).ToList();
        var named = counts.Take(DriftReference.MostCategories).ToDictionary(category => category.Name, category => category.Places);
        var rest = counts.Skip(DriftReference.MostCategories).Sum(category => category.Places);
        named[DriftReference.OtherCategories] = named.GetValueOrDefault(DriftReference.OtherCategories) + rest;
        return named;
    }

    private static EmbeddingReference? Embedding(IReadOnlyList<float[]> embeddings)
    {
        if (embeddings.Count == 0) return null;
        var mean = new float[embeddings[0].Length];
        foreach (var embedding in embeddings) TensorPrimitives.Add(mean, embedding, mean);
        TensorPrimitives.Divide(mean, embeddings.Count, mean);
        var length = TensorPrimitives.Norm<float>(mean);
        if (length == 0) return null;
        return new EmbeddingReference(mean, FeatureHistogram.Of(
            [.. embeddings.Select(embedding => TensorPrimitives.Dot<float>(embedding, mean) / length)], DriftReference.CosineEdges));
    }
}
