namespace RecSys.Api.Contracts;

/// <summary>Body of <c>POST /users/merge</c>. For the OpenAPI document.</summary>
/// <param name="From">The anonymous visitor.</param>
/// <param name="Into">The user that it turned out to be; its later events count for this one.</param>
public sealed record MergeRequest([property: Identifier] string From, [property: Identifier] string Into);
