namespace RecSys.Core.Features;

/// <summary>What a feature is computed from. User and context features are equal for all candidates of a request.</summary>
public enum FeatureGroup
{
    User,
    Item,
    Context,
    Pair,
}
