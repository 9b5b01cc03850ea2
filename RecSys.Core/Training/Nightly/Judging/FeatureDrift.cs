namespace RecSys.Core.Training.Nightly.Judging;

/// <summary>How far the values of a feature moved since the champion was made.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="Index">Population stability index; see <see cref="StabilityIndex"/>.</param>
/// <param name="FromModel">A model stands behind the value, so that another model alone moves it.</param>
internal sealed record FeatureDrift(string Feature, double Index, bool FromModel);
