namespace RecSys.Core.Storage.Lake;

/// <summary>What an export is to write.</summary>
public sealed record LakeExportRequest
{
    /// <summary>
    /// Last day to write; null: every day that is closed. Days that are there already are verified instead. Naming a day also says that
    /// many days without an entry before it are meant.
    /// </summary>
    public DateOnly? Through { get; init; }

    /// <summary>
    /// True to close the present day of the log too, at what it holds now. What comes later on this day belongs to the next one, so that
    /// nothing is lost or written twice. Served records wait for the end of their day.
    /// </summary>
    public bool CloseToday { get; init; }
}
