using System.ComponentModel.DataAnnotations;
using RecSys.Core.Domain;

namespace RecSys.Api.Contracts;

/// <summary>
/// An item as it is sent: the whole of it with <c>PUT</c> and in a bulk file, what changes with <c>PATCH</c>, where null takes a field
/// away. For the OpenAPI document.
/// </summary>
/// <param name="Title">Its title; may be left out.</param>
/// <param name="Category">Primary category; diversity and affinities go by it. May be left out.</param>
/// <param name="Id">1 to 256 characters; that of the address, or left out. Required in a bulk file.</param>
/// <param name="Tags">Further categories, at most 100.</param>
/// <param name="Creator">Author, brand or studio.</param>
/// <param name="Price">In the shop's currency, not negative.</param>
/// <param name="DurationSeconds">Length, not negative.</param>
/// <param name="CreatedAt">When it became available; a time with a zone.</param>
/// <param name="Thumbnail">Address of a picture.</param>
/// <param name="Available">False: in no reply. True when left out.</param>
/// <param name="Flagged">True: unsafe, in no reply. False when left out.</param>
/// <param name="Description">Free text.</param>
/// <param name="Attributes">Further fields, at most 64: numbers, strings, arrays of strings, booleans; times are strings in RFC
/// 3339.</param>
public sealed record ItemRequest(
    string? Title = null,
    string? Category = null,
    [property: Identifier] string? Id = null,
    [property: MaxLength(100)] IReadOnlyList<string>? Tags = null,
    string? Creator = null,
    double? Price = null,
    double? DurationSeconds = null,
    DateTimeOffset? CreatedAt = null,
    string? Thumbnail = null,
    bool? Available = null,
    bool? Flagged = null,
    string? Description = null,
    IReadOnlyDictionary<string, AttributeValue>? Attributes = null);
