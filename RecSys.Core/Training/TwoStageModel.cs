using RecSys.Core.Evaluation;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Training.Rankers;
using RecSys.Core.Training.Rows;
using RecSys.Core.Training.Towers;

namespace RecSys.Core.Training;

/// <summary>Both stages as they come out of a training run. Disposing frees the search index.</summary>
internal sealed record TwoStageModel(TwoTowerModel Towers, TowerView View, RankerModel Ranker, RankerRows Rows) : IDisposable
{
    /// <summary>
    /// Indexes in the log of requests that neither stage was fitted on, to be answered again; see <see cref="ReferenceRows"/>.
    /// </summary>
    public IReadOnlyList<int> Requests { get; init; } = [];

    /// <summary>Whether position is a feature of the ranker; null where the log has no impressions.</summary>
    public PositionFinding? Position { get; init; }

    /// <summary>What ranks.</summary>
    public RankingParts Parts => new(View, Ranker.Forest, Ranker.Calibrator, Ranker.RetrievalWeight);

    public void Dispose() => View.Dispose();
}
