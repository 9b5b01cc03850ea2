namespace RecSys.Core.Features;

/// <summary>
/// How many items have how many positive events, in buckets: exact up to 7 events and then eight to a doubling. It follows from the states
/// of the items, so it is not stored with them. One writer; a reader may see an item in neither or both of two buckets for a moment, which
/// moves a percentile by one item.
/// </summary>
internal sealed class Popularity
{
    private const int Buckets = 128;
    private readonly int[] counts = new int[Buckets];
    private int items;

    /// <summary>One item goes from so many positive events to so many.</summary>
    public void Move(int from, int to)
    {
        var (left, entered) = (Bucket(from), Bucket(to));
        if (from > 0) counts[left]--;
        if (to > 0) counts[entered]++;
        items += (to > 0 ? 1 : 0) - (from > 0 ? 1 : 0);
    }

    /// <summary>
    /// Share of the items with at least one positive event that have fewer than this one, half of its own bucket included; 0 for an item
    /// without.
    /// </summary>
    public float Percentile(int positives)
    {
        if (positives <= 0 || items == 0) return 0;
        var bucket = Bucket(positives);
        var below = 0;
        for (var i = 0; i < bucket; i++) below += counts[i];
        return Math.Clamp((below + 0.5f * counts[bucket]) / items, 0, 1);
    }

    private static int Bucket(int count)
    {
        if (count < 8) return count;
        var doubling = int.Log2(count) - 3;
        return Math.Min(Buckets - 1, 8 + doubling * 8 + ((count >> doubling) & 7));
    }
}
