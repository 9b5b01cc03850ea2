using RecSys.Core.Evaluation;
using RecSys.Core.Ranking;
using RecSys.Core.Retrieval.TwoTower;
using RecSys.Core.Retrieval.VectorSearch;
using RecSys.Core.Training.Rows;
using RecSys.Core.Training.Towers;

namespace RecSys.Core.Training.Nightly.Fitting;

/// <summary>What all rankers of a split are fitted on and bundled with: the towers with their index, and the rows.</summary>
/// <param name="towers">The towers.</param>
/// <param name="view">Asks them, and the index; becomes this object's.</param>
/// <param name="index">Over the items; becomes this object's.</param>
/// <param name="rows">All that were made.</param>
internal sealed class FittingGround(TwoTowerModel towers, TowerView view, BuiltIndex index, RankerRows rows) : IDisposable
{
    public TwoTowerModel Towers => towers;
    public TowerView View => view;
    public BuiltIndex Index => index;
    public RankerRows Rows => rows;

    /// <summary>Whether the position is a feature; null where the log has no impressions.</summary>
    public required PositionFinding? Position { get; init; }

    /// <summary>Rows that forests learn from.</summary>
    public required RankerDataset Train { get; init; }

    /// <summary>Rows that stop and calibrate them.</summary>
    public required RankerDataset Held { get; init; }

    /// <summary>Choices that there were to make rows of; 0 where rows are impressions.</summary>
    public required int ChoicesOffered { get; init; }

    public void Dispose()
    {
        view.Dispose();
        index.Index.Dispose();
    }
}
