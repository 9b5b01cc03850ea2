namespace RecSys.Api.Contracts;

/// <summary>A category.</summary>
/// <param name="Category">Its name; <c>other</c> for all that have no row.</param>
/// <param name="Reference">Share of the places then.</param>
/// <param name="Current">Share of the places now.</param>
public sealed record DriftCategoryBody(string Category, double Reference, double Current);
