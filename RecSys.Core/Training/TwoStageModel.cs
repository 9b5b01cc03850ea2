using RecSys.Core.Retrieval.TwoTower;

namespace RecSys.Core.Training;

/// <summary>Both stages as they come out of a training run. Disposing frees the search index.</summary>
internal sealed record TwoStageModel(TwoTowerModel Towers, TowerView View, RankerModel Ranker, RankerRows Rows) : IDisposable
{
    /// <summary>From this time on, Unix milliseconds, the rows have all features, as in serving; see <see cref="ImpressionRows"/>.</summary>
    public long CompleteFromMs { get; init; } = long.MinValue;

    public void Dispose() => View.Dispose();
}
