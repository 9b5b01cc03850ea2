using System.Collections.Immutable;

namespace RecSys.Core.Features;

/// <summary>Collects the features of one group in order.</summary>
internal sealed class FeatureGroupBuilder(FeatureGroup group)
{
    private readonly List<FeatureDefinition> features = [];

    public IReadOnlyList<FeatureDefinition> Features => features;

    /// <summary>A number; the default is NaN (unknown) for everything that is not a count or a smoothed rate.</summary>
    public void Number(string name, string unit, ImmutableArray<float> bins, string description, Func<FeatureScope, float> compute,
        float missing = float.NaN, int version = 1) =>
        features.Add(new FeatureDefinition(
            name, group, unit, missing, description, bins, Categorical: false, compute) { Version = version });

    /// <summary>A count, 0 where nothing happened.</summary>
    public void Count(string name, string description, Func<FeatureScope, float> compute, int version = 1) =>
        Number(name, "count", DriftBins.Count, description, compute, 0, version);

    /// <summary>A smoothed rate; without observations it is the rate it is drawn to.</summary>
    public void Rate(string name, string description, Func<FeatureScope, float> compute, int version = 1) =>
        Number(name, "rate", DriftBins.Rate, description, compute, version: version);

    /// <summary>A code without order; 0 is unknown.</summary>
    public void Category(string name, ImmutableArray<float> bins, string description, Func<FeatureScope, float> compute) =>
        features.Add(new FeatureDefinition(name, group, "code", 0, description, bins, Categorical: true, compute));

    /// <summary>A number that a trained model stands behind; NaN where the model knows nothing.</summary>
    public void FromModel(string name, string unit, ImmutableArray<float> bins, string description, Func<FeatureScope, float> compute) =>
        features.Add(new FeatureDefinition(
            name, group, unit, float.NaN, description, bins, Categorical: false, compute) { FromModel = true });

    public void Add(FeatureDefinition feature) => features.Add(feature);
}
