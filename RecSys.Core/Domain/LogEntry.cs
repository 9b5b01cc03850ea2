namespace RecSys.Core.Domain;

/// <summary>A change with its place in the log. Positions are those of the commit order, without gaps, from 1.</summary>
/// <param name="Position">The place.</param>
/// <param name="ReceivedMs">When the store took it, Unix milliseconds; never smaller than that of the entry before.</param>
/// <param name="Item">Number of the item that the change speaks of; -1 where it speaks of none.</param>
/// <param name="Change">What changed. Of an erased user's entries only the parts without a subject are left.</param>
public sealed record LogEntry(long Position, long ReceivedMs, int Item, LogChange Change)
{
    /// <summary>What the resolver recorded; null for entries behind <see cref="LogHead.Resolved"/> and for kinds without one.</summary>
    public Contribution? Contribution { get; init; }

    /// <summary>The time that folds go by, Unix milliseconds: when it happened, but never later than it was received.</summary>
    public long FoldMs => Change.Happened is { } happened ? Math.Min(happened.ToUnixTimeMilliseconds(), ReceivedMs) : ReceivedMs;
}
