using System.ComponentModel.DataAnnotations;

namespace RecSys.Api.Contracts;

/// <summary>Body of the routes that change a version's state; may be left out. For the OpenAPI document.</summary>
/// <param name="Reason">Why, up to 500 characters; a quarantine needs it.</param>
public sealed record ModelReasonRequest([property: StringLength(500, MinimumLength = 1)] string? Reason = null);
