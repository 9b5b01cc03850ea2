using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Features;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>
/// Which items users choose shortly before or after each other. A positive event is paired with the user's last four items, other than its own and
/// not further away than the window; each pair counts 1, decayed, in both directions. Grows with every event; readers run beside the writer.
/// Memory: 64 bytes per user and up to <c>CoVisitationNeighbours</c> × 8 bytes per item.
/// </summary>
public sealed class CoVisitation : IEventFold
{
    internal const int Reach = 4;

    private readonly ChunkedTable<Tail> tails = new();
    private readonly ChunkedTable<Slot> rows = new();
    private readonly double windowMs;
    private readonly double decayMs;
    private readonly int capacity;

    public CoVisitation(IOptions<RecommendationOptions> options)
    {
        var settings = options.Value;
        windowMs = TimeSpan.FromHours(settings.CoVisitationWindowHours).TotalMilliseconds;
        decayMs = TimeSpan.FromDays(settings.CoVisitationDecayDays).TotalMilliseconds;
        capacity = settings.CoVisitationNeighbours;
    }

    /// <summary>Most neighbours that <see cref="Read"/> gives.</summary>
    public int Capacity => capacity;

    /// <summary>Counts the event if it is positive. One writer at a time.</summary>
    /// <remarks>A late event is paired like any other, but never becomes one of the last four.</remarks>
    public void Apply(LiveUser user, in LogEvent e)
    {
        if (e.Item < 0 || !e.IsPositive) return;
        ref var tail = ref tails.Write(user.Ordinal);
        var last = tail.Entries[..tail.Count];
        foreach (var entry in last)
        {
            // Shown, clicked, liked: several events on one item are one choice.
            if (entry.Item == e.Item) return;
        }
        foreach (var entry in last)
        {
            if (Math.Abs(e.TimeMs - entry.TimeMs) > windowMs) continue;
            var at = Math.Max(e.TimeMs, entry.TimeMs);
            Row(e.Item).Add(entry.Item, at, decayMs, capacity);
            Row(entry.Item).Add(e.Item, at, decayMs, capacity);
        }
        tail.Push(new Visit(e.Item, e.TimeMs));
    }

    /// <summary>Neighbours of an item, in no particular order.</summary>
    /// <param name="item">Ordinal.</param>
    /// <param name="timeMs">The moment that the decayed counts refer to, Unix milliseconds; one before the item's latest pair counts as that.</param>
    /// <param name="neighbours">Ordinals; <see cref="Capacity"/> long.</param>
    /// <param name="counts">Decayed number of pairs with each; of neighbours that came when all places were taken, an upper bound.</param>
    /// <returns>How many there are.</returns>
    public int Read(int item, long timeMs, Span<int> neighbours, Span<float> counts) => rows.Read(item).Row?.Read(timeMs, decayMs, neighbours, counts) ?? 0;

    /// <summary>Decayed number of all pairs of an item.</summary>
    public float TotalOf(int item, long timeMs) => rows.Read(item).Row?.TotalAt(timeMs, decayMs) ?? 0;

    private CoVisitationRow Row(int item) => rows.Write(item).Row ??= new CoVisitationRow();

    private readonly record struct Visit(int Item, long TimeMs);

    [InlineArray(Reach)]
    private struct Visits
    {
        private Visit first;
    }

    private struct Tail
    {
        public Visits Entries;
        public int Count;

        public void Push(Visit visit)
        {
            if (Count > 0 && visit.TimeMs < Entries[Count - 1].TimeMs) return;
            Span<Visit> all = Entries;
            if (Count == Reach) all[1..].CopyTo(all);
            else Count++;
            all[Count - 1] = visit;
        }
    }

    private struct Slot
    {
        public CoVisitationRow? Row;
    }
}
