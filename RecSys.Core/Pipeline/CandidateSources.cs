namespace RecSys.Core.Pipeline;

/// <summary>Where candidates come from; an item may have several sources.</summary>
[Flags]
public enum CandidateSources
{
    None = 0,
    /// <summary>Nearest items to the user embedding.</summary>
    TwoTower = 1,
    /// <summary>Most popular items.</summary>
    Popular = 2,
}
