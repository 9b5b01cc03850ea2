using RecSys.Core.Retrieval.TwoTower;

namespace RecSys.Core.Training;

/// <summary>Both stages as they come out of a training run. Disposing frees the search index.</summary>
internal sealed record TwoStageModel(TwoTowerModel Towers, TowerView View, RankerModel Ranker, RankerRows Rows) : IDisposable
{
    public void Dispose() => View.Dispose();
}
