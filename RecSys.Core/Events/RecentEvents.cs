namespace RecSys.Core.Events;

/// <summary>
/// The last 1,000 events that came over HTTP and what became of each, for whoever connects an app and wants to see them arrive.
/// Thread-safe.
/// </summary>
public sealed class RecentEvents
{
    /// <summary>Events remembered; older ones are forgotten.</summary>
    public const int Capacity = 1000;

    private readonly RecentEvent?[] ring = new RecentEvent?[Capacity];
    private readonly Lock gate = new();
    private long count;

    public void Add(ReadOnlySpan<RecentEvent> events)
    {
        lock (gate)
        {
            foreach (var e in events) ring[count++ % Capacity] = e;
        }
    }

    /// <summary>All that are remembered, newest first.</summary>
    public IReadOnlyList<RecentEvent> Latest()
    {
        lock (gate)
        {
            var known = (int)Math.Min(count, Capacity);
            var latest = new RecentEvent[known];
            for (var i = 0; i < known; i++) latest[i] = ring[(count - 1 - i) % Capacity]!;
            return latest;
        }
    }

    /// <summary>Those that came since a reading before, newest first.</summary>
    /// <param name="seen">How many had come then, 0 for none; afterwards how many have come by now.</param>
    /// <param name="most">The newest so many; older ones are passed over.</param>
    public IReadOnlyList<RecentEvent> Since(ref long seen, int most)
    {
        lock (gate)
        {
            var fresh = (int)Math.Min(count - seen, Math.Min(most, Capacity));
            var latest = new RecentEvent[fresh];
            for (var i = 0; i < fresh; i++) latest[i] = ring[(count - 1 - i) % Capacity]!;
            seen = count;
            return latest;
        }
    }

    /// <summary>Forgets a user's events.</summary>
    public void Erase(string userId)
    {
        lock (gate)
        {
            for (var i = 0; i < ring.Length; i++)
            {
                if (ring[i]?.Event?.UserId == userId) ring[i] = ring[i]! with { Event = null };
            }
        }
    }
}
