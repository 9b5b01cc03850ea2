namespace RecSys.Core.Storage.Lake;

/// <summary>What the lake keeps day by day, each in a folder of its own.</summary>
public enum LakeTable
{
    /// <summary>Entries of the log with their contributions; a day is a range of positions.</summary>
    Log,

    /// <summary>Answered requests, a row per place of their lists; a day is that of the answers.</summary>
    Served,
}
