using System.Text.Json;
using RecSys.Api.Contracts;
using RecSys.Core.Events;

namespace RecSys.Api.Dashboard.Feeds;

/// <summary>Events as they come, the newest of those since the last reading, as <c>GET /events/recent</c> tells them.</summary>
internal sealed class EventFeed(IServiceProvider services) : IDashboardFeed
{
    private const int Most = 50;

    // A server without a log has none.
    private readonly RecentEvents? events = services.GetService<RecentEvents>();

    public string Name => "events";

    public byte[]? Read(ref long cursor)
    {
        if (events is null) return null;
        var latest = events.Since(ref cursor, Most);
        return latest.Count == 0 ? null
            : JsonSerializer.SerializeToUtf8Bytes(RecentEventsResponse.Of(latest), ApiJson.Default.RecentEventsResponse);
    }
}
