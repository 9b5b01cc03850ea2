namespace RecSys.Core.Pipeline;

/// <summary>What a run of the pipeline leaves behind beside its list.</summary>
public enum Effects
{
    /// <summary>Metrics, the served record and the user's last good list.</summary>
    All = 0,

    /// <summary>Nothing: no record, no metric, no time limit. For runs that nobody waits for, such as warm-up.</summary>
    None = 1,

    /// <summary>The served record alone, for a further page of a list: nothing was computed for it.</summary>
    Record = 2,
}
