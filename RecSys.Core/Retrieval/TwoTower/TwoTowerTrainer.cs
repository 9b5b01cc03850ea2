namespace RecSys.Core.Retrieval.TwoTower;

public static class TwoTowerTrainer
{
    public static TwoTowerModel Train(TowerTrainingData data, TwoTowerOptions options, IProgress<TowerEpoch>? progress, CancellationToken ct) =>
        throw new NotImplementedException();
}
