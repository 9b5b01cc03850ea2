using RecSys.Core.Domain;

namespace RecSys.Core.Evaluation.Baselines;

/// <summary>
/// The same order for everybody who asks at one moment: items by their positive events of the last hours or days before it, and what has
/// none by its positive events in the training part. Where a request has no time, before the end of what is known.
/// </summary>
public sealed class RecentPopularity : IRecommender
{
    private readonly PositiveTimeline known;
    private readonly float[] votes;
    private readonly long windowMs;

    private RecentPopularity(PositiveTimeline known, float[] votes, TimeSpan window)
    {
        (this.known, this.votes) = (known, votes);
        Window = window;
        windowMs = (long)window.TotalMilliseconds;
    }

    public string Name => "popular-lately";

    public Knowledge Knows => Knowledge.All;

    /// <summary>What counts as lately.</summary>
    public TimeSpan Window { get; }

    /// <param name="train">Orders what has no recent event.</param>
    /// <param name="known">What may be known at requests; each knows the part before its own moment.</param>
    /// <param name="window">What counts as lately.</param>
    /// <exception cref="ArgumentOutOfRangeException">The window is not positive.</exception>
    public static RecentPopularity Fit(InteractionLog train, InteractionLog known, TimeSpan window)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(window, TimeSpan.Zero);
        return new RecentPopularity(new PositiveTimeline(known), PopularityVote.Of(train), window);
    }

    /// <summary>The same counts over another window.</summary>
    public RecentPopularity Over(TimeSpan window) => new(known, votes, window);

    public void Score(in RankingQuery query, Span<float> scores)
    {
        // Without a time the end is behind the last event, so that this one counts.
        known.Count((query.AtMs ?? known.LastMs + 1) - windowMs, query.AtMs, scores);
        for (var item = 0; item < scores.Length; item++)
        {
            if (scores[item] == 0) scores[item] = votes[item];
        }
    }
}
