using RecSys.Core.Domain;

namespace RecSys.Core.Training.Nightly.States;

/// <summary>What tells an entry of the log from that of another log with the same position, and stays when its user is erased.</summary>
/// <param name="Position">Its place.</param>
/// <param name="ReceivedMs">When it was received, Unix milliseconds.</param>
/// <param name="FoldMs">The time that folds go by, Unix milliseconds.</param>
/// <param name="Kind">What changed.</param>
/// <param name="Item">Number of the item; -1 for none.</param>
internal sealed record EntryMark(long Position, long ReceivedMs, long FoldMs, LogKind Kind, int Item)
{
    public static EntryMark Of(LogEntry entry) =>
        new(entry.Position, entry.ReceivedMs, entry.FoldMs, entry.Change.Kind, entry.Item);
}
