using System.ComponentModel.DataAnnotations;

namespace RecSys.Api.Contracts;

/// <summary>Body of <c>POST /monitoring/alerts/silences</c>. For the OpenAPI document.</summary>
/// <param name="Rule">Name of a rule, or <c>*</c> for all.</param>
/// <param name="Reason">Why, up to 500 characters.</param>
/// <param name="Until">When it ends, at most 7 days from now; or <paramref name="Minutes"/>.</param>
/// <param name="Minutes">How long it holds, 1 to 10,080; or <paramref name="Until"/>.</param>
public sealed record SilenceRequest(
    string Rule, [property: StringLength(500, MinimumLength = 1)] string Reason, DateTimeOffset? Until = null,
    [property: Range(1, 10_080)] int? Minutes = null);
