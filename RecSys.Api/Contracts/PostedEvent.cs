using System.Text.Json.Serialization;

namespace RecSys.Api.Contracts;

/// <summary>What became of one event.</summary>
/// <param name="Id">The sender's id, or the one that was made for it.</param>
/// <param name="Status"><c>accepted</c>, <c>duplicate</c> or <c>rejected</c>.</param>
/// <param name="Parked">True for an accepted event on an item that is not known yet: it counts once the item is.</param>
/// <param name="Meaning">What it was taken to say, where that is not what its type and its sender say: <c>neutral</c>, <c>positive</c>,
/// <c>negative</c> or <c>undo</c>.</param>
/// <param name="Remark">What about an accepted event may not be as its sender thinks, such as a rating off the folder's scale.</param>
/// <param name="Code">Why it was rejected, a stable word.</param>
/// <param name="Pointer">JSON pointer to what is wrong.</param>
/// <param name="Detail">The rule that it breaks.</param>
public sealed record PostedEvent(
    string? Id,
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Parked = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Meaning = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Remark = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Code = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Pointer = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Detail = null);
