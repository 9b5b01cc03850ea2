namespace RecSys.Core.Monitoring.Drift;

/// <summary>A category's part of the places.</summary>
/// <param name="Category">Its name, empty for items without one; <c>other</c> for all that have no row.</param>
/// <param name="Reference">Its share then.</param>
/// <param name="Current">Its share now.</param>
public sealed record CategoryShare(string Category, double Reference, double Current);
