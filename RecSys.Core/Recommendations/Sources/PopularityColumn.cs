using RecSys.Core.Pipeline;

namespace RecSys.Core.Recommendations.Sources;

/// <summary>
/// How popular every item is, for expressions: the share of the items with positive events that have fewer. As of the last refresh, since
/// the counters of an item lie a cache line or two from those of the next.
/// </summary>
internal sealed class PopularityColumn : IRanking
{
    // Items with fewer positive events are most of them: their share is worked out once per number.
    private const int Few = 1024;

    private readonly Refreshed<float[]> column = new(Compute, []);

    public string Name => "popularity";

    /// <summary>By item number, 0 to 1; items that came since the last refresh are behind its end.</summary>
    public ReadOnlyMemory<float> Current => column.Current;

    public void Refresh(ServingWorld world, CancellationToken cancellationToken) => column.Refresh(world, cancellationToken);

    private static float[] Compute(ServingWorld world, CancellationToken cancellationToken)
    {
        var states = world.Features.ItemStates;
        var few = new float[Few];
        for (var positives = 0; positives < Few; positives++) few[positives] = states.Popularity.Percentile(positives);
        var shares = new float[world.Catalog.Count];
        for (var item = 0; item < shares.Length; item++)
        {
            if ((item & 0xFFFF) == 0) cancellationToken.ThrowIfCancellationRequested();
            var positives = states.PositivesOf(item);
            shares[item] = positives < Few ? few[positives] : states.Popularity.Percentile(positives);
        }
        return shares;
    }
}
