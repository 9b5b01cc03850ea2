using RecSys.Core.Domain;

namespace RecSys.Api.Contracts;

/// <summary>
/// Body of <c>POST /recommend/batch</c>: <c>user_ids</c> or <c>all</c>; everything else may be left out and means what it means in the body
/// of <c>POST /recommend</c>, for each user. For the OpenAPI document.
/// </summary>
/// <param name="UserIds">Who gets lists, at most <c>Batch:MaxUsers</c> (100,000); one that is there twice counts once.</param>
/// <param name="All">True, in place of <c>user_ids</c>: everybody who has a profile, up to as many.</param>
/// <param name="NumItems">Items of each list, 1 to 100; 20 when left out.</param>
/// <param name="Device">mobile, desktop, tablet, tv or web.</param>
/// <param name="Location">Where the users are, any place name.</param>
/// <param name="Exclude">Items that must not be in any list, at most 1,000.</param>
/// <param name="Filter">A condition over item, user and context: what it is true of may be in a list.</param>
/// <param name="Boost">A number, 0.1 to 10, by which the score of each item is multiplied.</param>
/// <param name="SeedItems">Items whose neighbours are wanted among the candidates, at most 20.</param>
/// <param name="Scenario">Named placement.</param>
/// <param name="Context">Further fields for <c>filter</c> and <c>boost</c>, at most 32.</param>
public sealed record BatchRecommendRequest(
    IReadOnlyList<string>? UserIds = null,
    bool? All = null,
    int? NumItems = null,
    string? Device = null,
    string? Location = null,
    IReadOnlyList<string>? Exclude = null,
    string? Filter = null,
    string? Boost = null,
    IReadOnlyList<string>? SeedItems = null,
    string? Scenario = null,
    IReadOnlyDictionary<string, AttributeValue>? Context = null);
