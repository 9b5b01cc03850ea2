using System.ComponentModel.DataAnnotations;

namespace RecSys.Api.Contracts;

/// <summary>
/// A profile as it is sent: the whole of it with <c>PUT</c> and in a bulk file, what changes with <c>PATCH</c>, where null takes a field
/// away. For the OpenAPI document.
/// </summary>
/// <param name="Id">1 to 256 characters; that of the address, or left out. Required in a bulk file.</param>
/// <param name="Gender">Any word.</param>
/// <param name="Age">Years, 0 to 200.</param>
/// <param name="Location">A place name.</param>
/// <param name="CreatedAt">When the user came into being; a time with a zone.</param>
/// <param name="Attributes">Further fields, at most 64; values count as categories.</param>
public sealed record UserRequest(
    [property: Identifier] string? Id = null,
    string? Gender = null,
    [property: Range(0, 200)] int? Age = null,
    string? Location = null,
    DateTimeOffset? CreatedAt = null,
    IReadOnlyDictionary<string, string>? Attributes = null);
