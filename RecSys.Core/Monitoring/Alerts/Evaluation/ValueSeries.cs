namespace RecSys.Core.Monitoring.Alerts.Evaluation;

/// <summary>The last values of a rule, for the graphs of a post-mortem: at most <see cref="Most"/> of them, two hours at the default
/// pace. 12 rules take 140 KB.</summary>
internal sealed class ValueSeries
{
    public const int Most = 720;

    private readonly Queue<ValuePoint> points = new();

    public IReadOnlyList<ValuePoint> Points => [.. points];

    public void Add(DateTimeOffset at, double value)
    {
        if (points.Count == Most) points.Dequeue();
        points.Enqueue(new ValuePoint(at, value));
    }
}
