namespace RecSys.Core.Retrieval.Transitions;

/// <summary>
/// Counts of one item's followers in bounded memory: when there are too many, the weaker half is forgotten, so a follower with a fair share
/// of the pairs stays
/// ("lossy counting", Manku and Motwani, 2002).
/// </summary>
internal sealed class FollowerCounts
{
    /// <summary>More than this many are never kept. Small catalogues stay exact.</summary>
    public const int Capacity = 4096;

    private readonly Dictionary<int, float> counts = [];

    public IReadOnlyDictionary<int, float> Pairs => counts;

    public void Add(int follower, float count)
    {
        if (counts.Count >= Capacity && !counts.ContainsKey(follower)) Forget();
        counts[follower] = counts.GetValueOrDefault(follower) + count;
    }

    private void Forget()
    {
        var weakest = counts.OrderBy(pair => pair.Value).ThenBy(pair => pair.Key).Take(Capacity / 2).Select(pair => pair.Key).ToArray();
        foreach (var follower in weakest) counts.Remove(follower);
    }
}
