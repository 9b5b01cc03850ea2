namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>Figures of one pass over the training targets.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="MaxEpochs">The limit from the options.</param>
/// <param name="Loss">Mean cross-entropy in nats over the targets of this epoch.</param>
/// <param name="ValidAuc">Mean share of unseen items that score below the held-out one; NaN without validation users.</param>
/// <param name="ValidRecall500">Share of held-out items among the best 500 unseen ones.</param>
/// <param name="ValidNdcg10">1 / log2(2 + rank), or 0 from rank 10 on (ranks from 0), averaged over held-out items.</param>
/// <param name="TargetsPerSecond">Training speed without validation.</param>
/// <param name="Elapsed">Since training began.</param>
public sealed record TowerEpoch(int Epoch, int MaxEpochs, double Loss, double ValidAuc, double ValidRecall500, double ValidNdcg10,
    double TargetsPerSecond, TimeSpan Elapsed);
