namespace RecSys.Core.Storage;

/// <summary>What could not be handled and must not stop the rest: for a person to look at, then to replay or to drop.</summary>
public interface IDeadLetters
{
    /// <summary>Stores a letter; above the limit (<see cref="LogLimits.MostDeadLetters"/>) the oldest go.</summary>
    /// <returns>Its number.</returns>
    Task<long> AddAsync(DeadLetter letter, CancellationToken ct = default);

    /// <summary>Oldest first.</summary>
    /// <param name="after">Number of the last letter of the page before; 0 for the first page.</param>
    /// <param name="most">Largest size of the page.</param>
    /// <param name="ct">Stops the reading.</param>
    Task<IReadOnlyList<DeadLetter>> ListAsync(long after, int most, CancellationToken ct = default);

    /// <summary>The letter, or null when there is none of this number.</summary>
    Task<DeadLetter?> FindAsync(long number, CancellationToken ct = default);

    /// <returns>False when there is none of this number.</returns>
    Task<bool> RemoveAsync(long number, CancellationToken ct = default);

    Task<long> CountAsync(CancellationToken ct = default);
}

/// <summary>One thing that could not be handled.</summary>
/// <param name="Received">When it failed.</param>
/// <param name="Position">The entry that could not be folded; null for what never came into the log.</param>
/// <param name="UserId">Whose it is, so that an erasure deletes it; null when nobody's.</param>
/// <param name="Reason">Why it failed.</param>
/// <param name="Content">The event as JSON, so that it can be sent again.</param>
public sealed record DeadLetter(DateTimeOffset Received, long? Position, string? UserId, string Reason, string Content)
{
    /// <summary>Given by the store, never twice.</summary>
    public long Number { get; init; }
}
