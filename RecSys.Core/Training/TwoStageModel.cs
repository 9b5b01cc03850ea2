using RecSys.Core.Retrieval.TwoTower;

namespace RecSys.Core.Training;

/// <summary>Both stages as they come out of a training run. Disposing frees the search index.</summary>
internal sealed record TwoStageModel(TwoTowerModel Towers, TowerView View, RankerModel Ranker, RankerRows Rows) : IDisposable
{
    /// <summary>The same model with another weight of retrieval.</summary>
    public TwoStageModel Weighing(double retrieval) => this with { Ranker = Ranker with { RetrievalWeight = retrieval } };

    public void Dispose() => View.Dispose();
}
