using RecSys.Core.Domain;
using RecSys.Core.Features;
using RecSys.Core.Models.Reference;

namespace RecSys.Tests.Monitoring.Drift;

/// <summary>A few features, items of some categories, and lists made by hand.</summary>
internal sealed class DriftRig
{
    public const string Version = "v1.0.0";

    /// <param name="features">Name, edges, and whether the value differs between the places of a list.</param>
    public DriftRig(params (string Name, float[] Edges, bool PerCandidate)[] features)
    {
        Catalogue = new FeatureCatalogue(features.Select(feature => new FeatureDefinition(
            feature.Name, feature.PerCandidate ? FeatureGroup.Item : FeatureGroup.User, "number", float.NaN, "of a test",
            [.. feature.Edges], Categorical: false, _ => 0)));
        foreach (var category in Categories) Items.Put(Items.Count, new Item { Id = category, Title = category, Category = category });
    }

    public static string[] Categories { get; } = ["shoes", "lamps", "books", "chairs"];

    public FeatureCatalogue Catalogue { get; }

    /// <summary>One of each category, in their order.</summary>
    public ItemCatalog Items { get; } = new();

    /// <summary>A list.</summary>
    /// <param name="rows">Item, click probability and features of each place.</param>
    public ListSample List(params (int Item, float Score, float[] Features)[] rows) => List(Version, [], rows);

    public ListSample List(string version, float[] embedding, params (int Item, float Score, float[] Features)[] rows)
    {
        var sample = new ListSample(Catalogue.Count);
        sample.Begin(version, embedding);
        foreach (var (item, score, features) in rows) sample.Add(item, score, features);
        return sample;
    }
}
