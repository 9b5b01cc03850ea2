using System.ComponentModel.DataAnnotations;
using RecSys.Core.Domain;

namespace RecSys.Api.Contracts;

/// <summary>
/// Body of <c>POST /recommend</c>. One of <c>user_id</c>, <c>anonymous_id</c> and <c>session_id</c> is required; everything else may be
/// left out. For the OpenAPI document.
/// </summary>
/// <param name="UserId">Who gets the list; 1 to 256 characters.</param>
/// <param name="AnonymousId">In place of it: a visitor whom the sender tells apart without knowing who it is.</param>
/// <param name="SessionId">In place of both: a sitting of which not even that is known.</param>
/// <param name="NumItems">Items wanted, 1 to 100; 20 when left out.</param>
/// <param name="Device">mobile, desktop, tablet, tv or web.</param>
/// <param name="Location">Where the user is, any place name.</param>
/// <param name="Include">Any of reasons, propensity, timing; trace with the scope admin.</param>
/// <param name="ModelVersion">With trace: the version of the model, one that is in memory.</param>
/// <param name="MinPosition">A position that a write returned: the reply knows everything up to it.</param>
/// <param name="Exclude">Items that must not be in the list, at most 1,000; unknown ones mean nothing.</param>
/// <param name="Filter">A condition over item, user and context: what it is true of may be in the list. docs/expressions.md has the
/// language.</param>
/// <param name="Boost">A number, 0.1 to 10, by which the score of each item is multiplied; in the same language.</param>
/// <param name="SeedItems">Items whose neighbours are wanted among the candidates, at most 20; unknown ones mean nothing.</param>
/// <param name="Scenario">Named placement that shows the list, as the server's settings have it; home when left out.</param>
/// <param name="BudgetMs">Milliseconds for the list, 1 to 10,000: what it can do without is left out when they are used up, and
/// <c>degraded</c> says so.</param>
/// <param name="Context">Further fields for <c>filter</c> and <c>boost</c>, at most 32: numbers, strings, arrays of strings,
/// booleans.</param>
public sealed record RecommendRequest(
    [property: Identifier] string? UserId = null,
    [property: Identifier] string? AnonymousId = null,
    [property: Identifier] string? SessionId = null,
    [property: Range(1, 100)] int? NumItems = null,
    [property: AllowedValues("mobile", "desktop", "tablet", "tv", "web")] string? Device = null,
    [property: Identifier] string? Location = null,
    [property: AllowedValues("reasons", "propensity", "timing", "trace")] IReadOnlyList<string>? Include = null,
    [property: Identifier] string? ModelVersion = null,
    long? MinPosition = null,
    [property: MaxLength(1000)] IReadOnlyList<string>? Exclude = null,
    string? Filter = null,
    string? Boost = null,
    [property: MaxLength(20)] IReadOnlyList<string>? SeedItems = null,
    string? Scenario = null,
    [property: Range(1, 10_000)] int? BudgetMs = null,
    IReadOnlyDictionary<string, AttributeValue>? Context = null);
