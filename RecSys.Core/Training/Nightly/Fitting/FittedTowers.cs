using RecSys.Core.Domain;
using RecSys.Core.Retrieval.ItemTables;
using RecSys.Core.Retrieval.Neighbours;
using RecSys.Core.Retrieval.Transitions;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Towers;

namespace RecSys.Core.Training.Nightly.Fitting;

/// <summary>The towers of a night and what stands beside them, all of the towers' part of a split.</summary>
/// <param name="Towers">The towers.</param>
/// <param name="Transitions">What follows what.</param>
/// <param name="Neighbours">Null where no candidates come from them.</param>
internal sealed record FittedTowers(TwoTowerModel Towers, ItemTable Transitions, NeighbourSource? Neighbours)
{
    /// <summary>Fits them; validation chooses epoch and settings.</summary>
    /// <param name="night">The run.</param>
    /// <param name="learnt">The towers' part.</param>
    /// <param name="impressions">As <see cref="SplitFile.Impressions"/>.</param>
    /// <param name="ct">Stops between batches.</param>
    public static FittedTowers Fit(NightContext night, InteractionLog learnt, bool impressions, CancellationToken ct)
    {
        var towers = TowerFitting.Fit(learnt, night.Options, night.Progress, ct);
        // On impressions the ranker does not learn what neighbours are worth.
        var neighbours = NeighbourFitting.Fit(towers.SparseLog && !impressions, learnt, night.Options, night.Progress, ct);
        return new FittedTowers(towers, ItemTransitions.Fit(learnt), neighbours);
    }

    /// <summary>Fits them on another part as others were fitted: with their settings, schedule, epochs and share of neighbours.</summary>
    /// <param name="night">The run.</param>
    /// <param name="learnt">The towers' part.</param>
    /// <param name="chosen">What was chosen for the others.</param>
    /// <param name="ct">Stops between batches.</param>
    public static FittedTowers Refit(NightContext night, InteractionLog learnt, TowersFile chosen, CancellationToken ct)
    {
        // So many epochs are the bound, not a time.
        var settings = chosen.Used with { TimeBudget = null };
        var towers = TowerFitting.Fit(learnt, night.Options, settings, night.Progress, ct, epochs: chosen.BestEpoch.Epoch);
        return new FittedTowers(
            towers, ItemTransitions.Fit(learnt), NeighbourFitting.Fit(chosen.NeighbourShare, learnt, night.Progress, ct));
    }
}
