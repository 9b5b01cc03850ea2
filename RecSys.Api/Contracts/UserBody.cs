using RecSys.Core.Domain;

namespace RecSys.Api.Contracts;

/// <summary>A stored profile.</summary>
/// <param name="Id">The user.</param>
/// <param name="Gender">As the sender wrote it.</param>
/// <param name="Age">Years.</param>
/// <param name="Location">A place name.</param>
/// <param name="CreatedAt">When the user came into being.</param>
/// <param name="Attributes">Further fields.</param>
public sealed record UserBody(
    string Id, string? Gender, int? Age, string? Location, DateTimeOffset? CreatedAt, IReadOnlyDictionary<string, string> Attributes)
{
    internal static UserBody Of(User user) => new(user.Id, user.Gender, user.Age, user.Location, user.CreatedAt, user.Attributes);
}

/// <summary>A page of <c>GET /users</c>.</summary>
/// <param name="Users">In the order of their ids.</param>
/// <param name="NextCursor">Asks for the next page; null on the last.</param>
public sealed record UserPage(IReadOnlyList<UserBody> Users, string? NextCursor);
