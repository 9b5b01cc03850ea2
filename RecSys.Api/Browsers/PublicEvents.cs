using System.Collections.Frozen;
using System.Text.Json;
using RecSys.Api.Hosting.Requests;

namespace RecSys.Api.Browsers;

/// <summary>
/// What may be reported with the public key, which anybody can read in a page: that a visitor was shown, clicked or viewed an item. Nothing
/// that names a user, weighs more than a view, or is worth money.
/// </summary>
internal static class PublicEvents
{
    private static readonly FrozenSet<string> Types = new[] { "impression", "click", "view" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Fields = new[]
    {
        "id", "anonymous_id", "session_id", "item_id", "type", "time", "request_id", "position", "scenario", "device",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Refuses a post with the public key that may not be; null for one that may, and for every other post.</summary>
    /// <param name="http">The request.</param>
    /// <param name="batch">Its events, unchecked; what is malformed is told by whoever reads them.</param>
    public static IResult? Refusal(HttpContext http, JsonElement batch)
    {
        if (!PublicKey.IsHeldBy(http.User)) return null;
        var key = http.RequestServices.GetRequiredService<PublicKey>();
        if (!key.Allows(http.Request.Headers.Origin))
        {
            return Problems.Of(StatusCodes.Status403Forbidden,
                "The public key is for pages of the origins in Browsers:Origins; this request comes from none of them.");
        }
        foreach (var e in batch.EnumerateArray())
        {
            if (e.ValueKind != JsonValueKind.Object || IsAllowed(e)) continue;
            return Problems.Of(StatusCodes.Status403Forbidden,
                $"With the public key events are of the types {string.Join(", ", Types.Order(StringComparer.Ordinal))} and have the fields "
                    + $"{string.Join(", ", Fields.Order(StringComparer.Ordinal))}. Everything else needs a token.");
        }
        return key.Take() is { } wait
            ? new RetryLater(wait, "Too many posts with the public key; Retry-After says when the next one is taken.",
                StatusCodes.Status429TooManyRequests)
            : null;
    }

    private static bool IsAllowed(JsonElement e) =>
        e.EnumerateObject().All(field => Fields.Contains(field.Name))
        && (!e.TryGetProperty("type", out var type) || (type.ValueKind == JsonValueKind.String && Types.Contains(type.GetString()!)));
}
