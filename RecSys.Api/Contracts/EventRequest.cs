using System.ComponentModel.DataAnnotations;

namespace RecSys.Api.Contracts;

/// <summary>
/// An event as it is sent. One of <c>user_id</c>, <c>anonymous_id</c> and <c>session_id</c> is required; the first of them says whose it
/// is. For the OpenAPI document.
/// </summary>
/// <param name="ItemId">The item. It need not be stored yet.</param>
/// <param name="Type">impression, click, view, like, add_to_cart, purchase, rating, dislike, hide, follow or long_view.</param>
/// <param name="Id">The sender's own, 1 to 256 characters: the same id twice is the same event. Made by the server when left out, and
/// returned.</param>
/// <param name="UserId">Who did it.</param>
/// <param name="AnonymousId">A visitor whom the sender tells apart without knowing who it is.</param>
/// <param name="SessionId">The sitting.</param>
/// <param name="Time">When it happened, with a zone; at most 10 minutes ahead. When it was received, when left out.</param>
/// <param name="Meaning">neutral, positive, negative or undo, where it differs from what the type says.</param>
/// <param name="Value">Rating or seconds.</param>
/// <param name="Amount">Money; negative for a refund.</param>
/// <param name="Currency">Three upper-case letters as in ISO 4217.</param>
/// <param name="RevenueSource">ad_click, subscription, purchase or affiliate.</param>
/// <param name="RequestId">The reply that showed the item.</param>
/// <param name="Scenario">Named placement that showed it.</param>
/// <param name="Position">Where it stood, from 0.</param>
/// <param name="Device">mobile, desktop, tablet, tv or web.</param>
/// <param name="Location">A place name.</param>
public sealed record EventRequest(
    [property: Identifier] string ItemId,
    string Type,
    [property: Identifier] string? Id = null,
    [property: Identifier] string? UserId = null,
    [property: Identifier] string? AnonymousId = null,
    [property: Identifier] string? SessionId = null,
    DateTimeOffset? Time = null,
    [property: AllowedValues("neutral", "positive", "negative", "undo")] string? Meaning = null,
    double? Value = null,
    double? Amount = null,
    [property: RegularExpression("^[A-Z]{3}$")] string? Currency = null,
    [property: AllowedValues("ad_click", "subscription", "purchase", "affiliate")] string? RevenueSource = null,
    [property: Identifier] string? RequestId = null,
    [property: Identifier] string? Scenario = null,
    [property: Range(0, 10_000)] int? Position = null,
    [property: AllowedValues("mobile", "desktop", "tablet", "tv", "web")] string? Device = null,
    [property: Identifier] string? Location = null);

/// <summary>Body of <c>POST /events</c>. For the OpenAPI document.</summary>
/// <param name="Events">1 to 1,000 of them, at most 1 MiB together.</param>
public sealed record PostEventsRequest([property: Length(1, 1000)] IReadOnlyList<EventRequest> Events);
