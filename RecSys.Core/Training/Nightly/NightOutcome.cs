namespace RecSys.Core.Training.Nightly;

/// <summary>What came of a night.</summary>
public enum NightOutcome
{
    /// <summary>The data was not fit to be learnt from; the champion serves on.</summary>
    Stopped,

    /// <summary>The gate refused the new model; the champion serves on.</summary>
    Refused,

    /// <summary>The new model is in the registry and, where the rollout says so, serves.</summary>
    Published,
}
