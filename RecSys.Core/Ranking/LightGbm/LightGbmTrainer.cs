namespace RecSys.Core.Ranking.LightGbm;

/// <summary>Fits gradient boosted trees with LightGBM.</summary>
public static class LightGbmTrainer
{
    /// <summary>Trains until the validation metric stops improving.</summary>
    public static LightGbmTraining Train(
        RankerDataset train,
        RankerDataset valid,
        IReadOnlyList<string> featureNames,
        IReadOnlyList<int> categoricalFeatures,
        LightGbmOptions options,
        IProgress<LightGbmProgress>? progress = null,
        CancellationToken ct = default) => throw new NotImplementedException();
}
