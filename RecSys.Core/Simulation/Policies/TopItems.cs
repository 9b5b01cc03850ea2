namespace RecSys.Core.Simulation.Policies;

/// <summary>The best items by score, best first; ties go to who came first.</summary>
internal sealed class TopItems(int capacity)
{
    private readonly int[] items = new int[capacity];
    private readonly double[] scores = new double[capacity];

    public int Count { get; private set; }

    /// <summary>Best first.</summary>
    public ReadOnlySpan<int> Items => items.AsSpan(0, Count);

    /// <summary>A score up to this is not taken any more; minus infinity while there is room.</summary>
    public double Threshold => Count < capacity ? double.NegativeInfinity : scores[capacity - 1];

    public void Clear() => Count = 0;

    public void Offer(int item, double score)
    {
        if (Count == capacity && score <= scores[capacity - 1]) return;
        var at = Count == capacity ? capacity - 1 : Count++;
        for (; at > 0 && scores[at - 1] < score; at--) (items[at], scores[at]) = (items[at - 1], scores[at - 1]);
        (items[at], scores[at]) = (item, score);
    }
}
