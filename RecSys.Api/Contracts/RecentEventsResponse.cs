using RecSys.Core.Events;

namespace RecSys.Api.Contracts;

/// <summary>Reply of <c>GET /events/recent</c>, newest first.</summary>
public sealed record RecentEventsResponse(IReadOnlyList<RecentEventEntry> Events)
{
    internal static RecentEventsResponse Of(IReadOnlyList<RecentEvent> events) => new([.. events.Select(RecentEventEntry.Of)]);
}
