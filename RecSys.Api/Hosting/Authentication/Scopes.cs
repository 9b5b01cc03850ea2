using System.Security.Claims;

namespace RecSys.Api.Hosting.Authentication;

/// <summary>What a token may be good for; each is also the name of an authorisation policy.</summary>
internal static class Scopes
{
    /// <summary>Recommendations for the token's own user.</summary>
    public const string RecommendRead = "recommend:read";
    public const string EventsWrite = "events:write";
    public const string CatalogWrite = "catalog:write";
    /// <summary>Acting for any user; held by back ends, not by apps on devices.</summary>
    public const string Service = "service";
    public const string Admin = "admin";

    public static IReadOnlyList<string> All { get; } = [RecommendRead, EventsWrite, CatalogWrite, Service, Admin];

    public static bool HasScope(this ClaimsPrincipal principal, string scope)
    {
        foreach (var claim in principal.Claims)
        {
            if (claim.Type != "scope") continue;
            foreach (var range in claim.Value.AsSpan().Split(' '))
            {
                if (claim.Value.AsSpan(range).SequenceEqual(scope)) return true;
            }
        }
        return false;
    }

    /// <summary>True for the user itself, a service and an administrator.</summary>
    public static bool MayActFor(this ClaimsPrincipal principal, string userId) =>
        principal.FindFirstValue("sub") == userId || principal.HasScope(Service) || principal.HasScope(Admin);
}
