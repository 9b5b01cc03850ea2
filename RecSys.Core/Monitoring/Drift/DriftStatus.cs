namespace RecSys.Core.Monitoring.Drift;

/// <summary>What a stability index says, from the least to the worst.</summary>
public enum DriftStatus
{
    /// <summary>The champion's bundle has nothing to compare with.</summary>
    NoReference,

    /// <summary>Fewer lists than say anything.</summary>
    TooFew,

    /// <summary>Shown only: the value is that of the moment, see <see cref="Features.FeatureDefinition.OfTheMoment"/>.</summary>
    NotJudged,

    /// <summary>Below <see cref="DriftLevels.Watch"/>.</summary>
    Stable,

    /// <summary>From <see cref="DriftLevels.Watch"/> on.</summary>
    Watch,

    /// <summary>From <see cref="DriftLevels.Drift"/> on.</summary>
    Drift,
}
