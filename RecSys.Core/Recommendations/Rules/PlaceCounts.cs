using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Rules;

/// <summary>How many items of each group stand among the first places of a list that is being made, its pinned items included.</summary>
internal sealed class PlaceCounts
{
    private readonly RecommendationContext context;
    private readonly PlaceLimit[] limits;
    private readonly HashSet<int> pinned = [];
    private readonly Dictionary<(int Limit, int Group), int> counts = [];

    public PlaceCounts(RecommendationContext context)
    {
        this.context = context;
        limits = new PlaceLimit[PlaceLimit.CountOf(context)];
        for (var at = 0; at < limits.Length; at++) limits[at] = PlaceLimit.Of(context, at);
        Places = limits.Max(limit => limit.Top);
        foreach (ref readonly var candidate in context.Candidates.Items)
        {
            foreach (var pin in context.Rules.Pins)
            {
                // One that was taken out meanwhile leaves its place to others.
                if (pin.Item != candidate.Item) continue;
                pinned.Add(pin.Place);
                Add(pin.Item, pin.Place);
            }
        }
    }

    /// <summary>Places that a limit looks at.</summary>
    public int Places { get; }

    /// <summary>True for the first place that a limit does not look at any more.</summary>
    public bool IsEnd(int place) => Array.Exists(limits, limit => limit.Top == place);

    public bool IsPinned(int place) => pinned.Contains(place);

    /// <summary>True when the item breaks no limit at the place.</summary>
    public bool HasRoom(int item, int place)
    {
        for (var at = 0; at < limits.Length; at++)
        {
            if (place < limits[at].Top && limits[at].GroupOf(context, item) is { } group
                && counts.GetValueOrDefault((at, group)) >= limits[at].Most)
                return false;
        }
        return true;
    }

    /// <summary>Counts an item at a place.</summary>
    public void Add(int item, int place)
    {
        for (var at = 0; at < limits.Length; at++)
        {
            if (place < limits[at].Top && limits[at].GroupOf(context, item) is { } group)
                counts[(at, group)] = counts.GetValueOrDefault((at, group)) + 1;
        }
    }
}
