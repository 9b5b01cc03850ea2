using RecSys.Core.Domain;

namespace RecSys.Core.Evaluation.Baselines;

/// <summary>The same order for everyone: items by their number of positive events, each event weighing less the older it is.</summary>
public sealed class PopularityBaseline : IRecommender
{
    private readonly float[] weights;

    private PopularityBaseline(float[] weights) => this.weights = weights;

    public string Name => "popular";

    public Knowledge Knows => Knowledge.Cut;

    /// <summary>Counts the positive events of a log.</summary>
    /// <param name="log">Training events.</param>
    /// <param name="halfLife">Age, before the last event of the log, at which an event counts one half; null counts all alike.</param>
    public static PopularityBaseline Fit(InteractionLog log, TimeSpan? halfLife = null)
    {
        if (halfLife is { } life && life <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(halfLife), halfLife, "Positive, or null.");
        var sums = new double[log.Items.Count];
        var events = log.Events;
        var end = 0L;
        foreach (ref readonly var e in events) end = Math.Max(end, e.TimeMs);
        foreach (ref readonly var e in events)
        {
            if (!e.IsPositive) continue;
            sums[e.Item] += halfLife is { } half ? double.Exp2((e.TimeMs - end) / half.TotalMilliseconds) : 1;
        }
        return new PopularityBaseline(Array.ConvertAll(sums, sum => (float)sum));
    }

    public void Score(in RankingQuery query, Span<float> scores) => weights.CopyTo(scores);
}
