using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Events;

namespace RecSys.Core.Recommendations;

/// <summary>Positive events per segment and item, decayed. Free-text genders and the like could make segments without end: beyond 1,000 no new one is counted.</summary>
public sealed class SegmentCounts(IOptions<RecommendationOptions> options) : IEventFold
{
    private const int MaxSegments = 1000;
    private const int Items = 2000;

    private readonly ConcurrentDictionary<Segment, DecayedCounts> segments = new();
    private readonly double decayMs = TimeSpan.FromDays(options.Value.SegmentDecayDays).TotalMilliseconds;
    private int count;

    public void Apply(LiveUser user, in LogEvent e)
    {
        if (e.Item < 0 || !e.IsPositive) return;
        Span<Segment> of = stackalloc Segment[Segment.Most];
        foreach (var segment in of[..Segment.Of(user.Profile, e.Device, e.Location, of)])
        {
            if (!segments.TryGetValue(segment, out var counts))
            {
                if (count == MaxSegments) continue;
                count++;
                counts = segments.GetOrAdd(segment, _ => new DecayedCounts(decayMs, Items));
            }
            counts.Add(e.Item, e.TimeMs);
        }
    }

    /// <summary>Every segment that has had events.</summary>
    internal IEnumerable<KeyValuePair<Segment, DecayedCounts>> All => segments;
}
