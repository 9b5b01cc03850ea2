namespace RecSys.Core.Pipeline;

/// <summary>What a stage may do to the candidates; <see cref="CandidateList"/> refuses everything else.</summary>
public enum StageKind
{
    /// <summary>Adds candidates.</summary>
    Retrieve,
    /// <summary>Reads and completes data beside the candidates; count and order stay.</summary>
    Enrich,
    /// <summary>Sets scores; count and order stay.</summary>
    Score,
    /// <summary>Removes candidates, each with a reason.</summary>
    Filter,
    /// <summary>Changes the order.</summary>
    Rerank,
    /// <summary>Cuts the list to its first entries.</summary>
    Select,
}
