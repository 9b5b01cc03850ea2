using RecSys.Core.Domain;
using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations;

/// <summary>
/// The last good list of the users who asked most recently, for the case that nothing better can be served. A table of sets of four places;
/// in a full set the list that was entered first makes room. Thread-safe without locks: a lost race loses one list.
/// </summary>
internal sealed class LastLists
{
    private const int Ways = 4;

    private readonly Entry?[] places;
    private long clock;

    /// <param name="capacity">Lists kept at most, rounded up to a multiple of four; 0 keeps none.</param>
    public LastLists(int capacity) => places = new Entry?[(capacity + Ways - 1) / Ways * Ways];

    /// <summary>Item numbers of the user's list in a scenario, best first; empty when none is known.</summary>
    public ReadOnlySpan<int> Find(string userId, string scenario = RecommendationRequest.Home)
    {
        foreach (ref var place in SetOf(userId))
        {
            if (Volatile.Read(ref place) is { } entry && entry.IsOf(userId, scenario)) return entry.Items;
        }
        return [];
    }

    /// <summary>Keeps a list, in place of the user's earlier one in the scenario.</summary>
    public void Keep(string userId, int[] items, string scenario = RecommendationRequest.Home)
    {
        var set = SetOf(userId);
        if (set.IsEmpty) return;
        var oldest = 0;
        for (var way = 0; way < set.Length; way++)
        {
            var entry = Volatile.Read(ref set[way]);
            if (entry is null || entry.IsOf(userId, scenario))
            {
                oldest = way;
                break;
            }
            if (entry.Stamp < set[oldest]!.Stamp) oldest = way;
        }
        Volatile.Write(ref set[oldest], new Entry(userId, scenario, items, Interlocked.Increment(ref clock)));
    }

    /// <summary>Forgets a user.</summary>
    public void Forget(string userId)
    {
        foreach (ref var place in SetOf(userId))
        {
            if (Volatile.Read(ref place) is { } entry && entry.UserId == userId) Volatile.Write(ref place, null);
        }
    }

    private Span<Entry?> SetOf(string userId) => places.Length == 0
        ? []
        : places.AsSpan((int)(StableHash.Of(userId) % (ulong)(places.Length / Ways)) * Ways, Ways);

    private sealed record Entry(string UserId, string Scenario, int[] Items, long Stamp)
    {
        public bool IsOf(string userId, string scenario) => UserId == userId && Scenario == scenario;
    }
}
