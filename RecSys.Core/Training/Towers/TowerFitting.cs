using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Retrieval.Text;
using RecSys.Core.Retrieval.TwoTower;

namespace RecSys.Core.Training.Towers;

/// <summary>Trains the towers on a log.</summary>
internal static class TowerFitting
{
    public static TwoTowerModel Fit(InteractionLog log, TrainingOptions options, IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken) =>
        Fit(log, options, options.Towers, progress, cancellationToken);

    /// <summary>
    /// With other settings of the towers than those of <paramref name="options"/>, but for the seed; for new items and validation see
    /// <see cref="TowerTrainingData.FromLog"/>, for epochs the trainer.
    /// </summary>
    public static TwoTowerModel Fit(
        InteractionLog log, TrainingOptions options, TwoTowerOptions towers, IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken, bool[]? newItems = null, IReadOnlyList<HeldOutEntry>? validation = null,
        int? epochs = null)
    {
        var model = TwoTowerTrainer.Train(
            TowerTrainingData.FromLog(log, Encode(log.Items, options.Text, progress, cancellationToken), newItems, validation),
            towers with { Seed = options.Seed },
            progress is null ? null : new Progress(progress),
            progress,
            cancellationToken,
            epochs);
        progress?.Report(new WorkProgress("towers as trained", 1, 1, "model", model.Settings));
        return model;
    }

    private static ItemTexts? Encode(ItemCatalog items, TextOptions options, IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken)
    {
        if (!options.IsConfigured) return null;
        using var encoder = BertTextEncoder.Load(options);
        return ItemTexts.Encode(encoder, items, progress, cancellationToken);
    }

    private sealed class Progress(IProgress<WorkProgress> target) : IProgress<TowerEpoch>
    {
        public void Report(TowerEpoch epoch) =>
            target.Report(new WorkProgress("train two-tower", epoch.Epoch, epoch.MaxEpochs, "epochs", string.Create(
            CultureInfo.InvariantCulture,
            $"loss {epoch.Loss:F4}  auc {epoch.ValidAuc:F4}  recall@500 {epoch.ValidRecall500:F4}  ndcg@10 {epoch.ValidNdcg10:F4}  "
                + $"{epoch.TargetsPerSecond:F0} targets/s")));
    }
}
