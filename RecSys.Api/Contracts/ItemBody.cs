using System.Text.Json.Serialization;
using RecSys.Core.Domain;

namespace RecSys.Api.Contracts;

/// <summary>An item as it is stored.</summary>
/// <param name="Id">The item.</param>
/// <param name="Title">Its title.</param>
/// <param name="Category">Primary category.</param>
/// <param name="Tags">Further categories.</param>
/// <param name="Creator">Author, brand or studio.</param>
/// <param name="Price">In the shop's currency.</param>
/// <param name="DurationSeconds">Length.</param>
/// <param name="CreatedAt">When it became available.</param>
/// <param name="Thumbnail">Address of a picture.</param>
/// <param name="Available">False: in no reply.</param>
/// <param name="Flagged">True: unsafe, in no reply.</param>
/// <param name="Description">Free text.</param>
/// <param name="Attributes">Further fields: numbers, strings, arrays of strings, booleans; times are strings in RFC 3339.</param>
/// <param name="AwaitingText">True while the model that serves does not know the item's present text, only its other content; told by
/// <c>GET /items/{id}</c> alone.</param>
public sealed record ItemBody(
    string Id,
    string Title,
    string Category,
    IReadOnlyList<string> Tags,
    string? Creator,
    double? Price,
    double? DurationSeconds,
    DateTimeOffset? CreatedAt,
    string? Thumbnail,
    bool Available,
    bool Flagged,
    string? Description,
    IReadOnlyDictionary<string, AttributeValue> Attributes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool AwaitingText = false)
{
    internal static ItemBody Of(Item item) => new(
        item.Id, item.Title, item.Category, item.Tags, item.Creator, item.Price, item.DurationSeconds, item.CreatedAt, item.ThumbnailUrl,
        item.Available, item.Flagged, item.Description, item.Attributes);
}

/// <summary>A page of <c>GET /items</c>.</summary>
/// <param name="Items">In the order in which they were first stored.</param>
/// <param name="NextCursor">Asks for the next page; null on the last.</param>
public sealed record ItemPage(IReadOnlyList<ItemBody> Items, string? NextCursor);
