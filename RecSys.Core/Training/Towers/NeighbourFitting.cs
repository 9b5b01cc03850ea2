using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Retrieval.Neighbours;
using RecSys.Core.Retrieval.TwoTower;

namespace RecSys.Core.Training.Towers;

/// <summary>
/// Puts item-kNN beside the towers as a source of candidates where the log tells little of each item: there who took what with what says
/// what the towers have not learnt yet.
/// </summary>
internal static class NeighbourFitting
{
    /// <summary>Share of the candidates where the log is sparse and the settings leave it open.</summary>
    public const double SparseShare = 0.2;

    /// <summary>Neighbours that a bundle keeps of each item.</summary>
    public const int PerItem = 100;

    /// <summary>The towers with what follows what, and with neighbours where they are wanted, all of the towers' part of the log.</summary>
    /// <param name="towers">The towers.</param>
    /// <param name="fitted">What they were fitted on.</param>
    /// <param name="seesCandidates">True where the ranker learns from candidates, not from impressions: only there it learns what
    /// neighbours are worth, and only there they are candidates unless the settings say so.</param>
    /// <param name="options">Which share they get.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Stops between items.</param>
    public static TowerView View(
        TwoTowerModel towers, InteractionLog fitted, bool seesCandidates, TrainingOptions options, IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken) =>
        new(towers, fitted, Fit(towers.SparseLog && seesCandidates, fitted, options, progress, cancellationToken));

    /// <summary>Null where no candidates are to come from neighbours.</summary>
    /// <param name="sparse">See <see cref="TwoTowerModel.SparseLog"/>.</param>
    /// <param name="log">What the towers were fitted on, so that the ranker's rows know nothing of what comes after it.</param>
    /// <param name="options">Which share they get.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Stops between items.</param>
    public static NeighbourSource? Fit(
        bool sparse, InteractionLog log, TrainingOptions options, IProgress<WorkProgress>? progress, CancellationToken cancellationToken) =>
        Fit(options.NeighbourShare ?? (sparse ? SparseShare : 0), log, progress, cancellationToken);

    /// <summary>Null where the share is 0.</summary>
    /// <param name="share">Of the candidates.</param>
    /// <param name="log">What the towers were fitted on.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Stops between items.</param>
    public static NeighbourSource? Fit(
        double share, InteractionLog log, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        if (share == 0) return null;
        var table = ItemNeighbours.Fit(log, new ItemKnnOptions { Neighbours = PerItem }, cancellationToken).ToTable(PerItem);
        progress?.Report(new WorkProgress("fit item neighbours", table.Count, table.Count, "items", string.Create(
            CultureInfo.InvariantCulture, $"{share:P0} of the candidates may come from them")));
        return new NeighbourSource(table, share);
    }
}
