using RecSys.Core.Domain;

namespace RecSys.Api.Contracts;

/// <summary>
/// Body of <c>POST /rank</c>. One of <c>user_id</c>, <c>anonymous_id</c> and <c>session_id</c> and <c>items</c> are required; everything
/// else may be left out. For the OpenAPI document.
/// </summary>
/// <param name="Items">Ids of the items to order, 1 to 1,000.</param>
/// <param name="UserId">For whom; 1 to 256 characters.</param>
/// <param name="AnonymousId">In place of it: a visitor whom the sender tells apart without knowing who it is.</param>
/// <param name="SessionId">In place of both: a sitting of which not even that is known.</param>
/// <param name="Scenario">Named placement that shows the list, as the server's settings have it; home when left out.</param>
/// <param name="Device">mobile, desktop, tablet, tv or web.</param>
/// <param name="Location">Where the user is, any place name.</param>
/// <param name="Boost">A number, 0.1 to 10, by which the score of each item is multiplied; docs/expressions.md has the language.</param>
/// <param name="Context">Further fields for <c>boost</c>, at most 32: numbers, strings, arrays of strings, booleans.</param>
/// <param name="Shown">How many of the first places the app shows, 0 to 100. They are kept as a served list is, so that events may name its
/// request_id and the next models learn from it. 0, the default: nothing is kept.</param>
/// <param name="MinPosition">A position that a write returned: the reply knows everything up to it.</param>
public sealed record RankRequest(
    IReadOnlyList<string> Items,
    string? UserId = null,
    string? AnonymousId = null,
    string? SessionId = null,
    string? Scenario = null,
    string? Device = null,
    string? Location = null,
    string? Boost = null,
    IReadOnlyDictionary<string, AttributeValue>? Context = null,
    int? Shown = null,
    long? MinPosition = null);
