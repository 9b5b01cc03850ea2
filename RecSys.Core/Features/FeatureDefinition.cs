using System.Collections.Immutable;

namespace RecSys.Core.Features;

/// <summary>One column of the feature matrix.</summary>
/// <param name="Name">Unique snake-case name.</param>
/// <param name="Group">What it is computed from.</param>
/// <param name="Unit">Unit of the value, such as <c>count</c>, <c>rate</c>, <c>hours</c>.</param>
/// <param name="Default">Value where nothing is known; NaN is the missing value that LightGBM handles itself.</param>
/// <param name="Description">What the value says, for the generated documentation.</param>
/// <param name="DriftBins">Ascending inner edges of the histogram that drift is measured on.</param>
/// <param name="Categorical">True when the value is a small non-negative code without order.</param>
/// <param name="Compute">Reads the value from the prepared request, user, item and pair; must not change anything.</param>
public sealed record FeatureDefinition(
    string Name,
    FeatureGroup Group,
    string Unit,
    float Default,
    string Description,
    ImmutableArray<float> DriftBins,
    bool Categorical,
    Func<FeatureScope, float> Compute)
{
    /// <summary>
    /// Raise it when the meaning changes under the same name, so that bundles trained on the old meaning are refused. Default 1.
    /// </summary>
    public int Version { get; init; } = 1;

    /// <summary>True when a trained model stands behind the value, such as the cosine of two embeddings.</summary>
    public bool FromModel { get; init; }

    /// <summary>
    /// True when the value is that of the clock, or a rate of the log as a whole or of a part that many requests share: it moves for all of
    /// them at once, so how it spreads over requests says nothing of drift.
    /// </summary>
    public bool OfTheMoment { get; init; }

    /// <summary>True when the value differs between the candidates of one request.</summary>
    public bool PerCandidate { get; init; } = Group is FeatureGroup.Item or FeatureGroup.Pair;
}
