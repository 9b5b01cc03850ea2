using Microsoft.AspNetCore.Connections.Features;

namespace RecSys.Api.Hosting.Limits;

/// <summary>
/// Counts refusals of one connection. A client that goes on sending although it is refused, as one with a full pipeline does, loses its
/// connection after
/// <see cref="MostInARow"/>: what it has sent ahead is then never even parsed.
/// </summary>
internal sealed class RejectedConnection
{
    public const int MostInARow = 20;

    private static readonly object Key = new();

    private int inARow;

    /// <summary>Notes a refusal, and closes the connection after this reply when it was one too many.</summary>
    public static void Refused(HttpContext http)
    {
        if (http.Features.Get<IConnectionItemsFeature>()?.Items is not { } items) return;
        if (!items.TryGetValue(Key, out var kept)) items[Key] = kept = new RejectedConnection();
        if (++((RejectedConnection)kept!).inARow >= MostInARow) http.Response.Headers.Connection = "close";
    }

    /// <summary>Notes a request that was let through.</summary>
    public static void Accepted(HttpContext http)
    {
        if (http.Features.Get<IConnectionItemsFeature>()?.Items is { } items && items.TryGetValue(Key, out var kept))
            ((RejectedConnection)kept!).inARow = 0;
    }
}
