namespace RecSys.Core.Storage;

/// <summary>Folded states of users in their binary forms, so that a start need not fold the whole log.</summary>
public interface IUserStateStore
{
    /// <summary>The stored state, or null when there is none.</summary>
    StoredUserState? Find(string userId);

    /// <summary>Stores states, all or none; one with a smaller position than the stored one changes nothing.</summary>
    Task SaveAsync(IReadOnlyList<StoredUserState> states, CancellationToken ct = default);

    Task DeleteAsync(IReadOnlyList<string> userIds, CancellationToken ct = default);

    /// <summary>Forgets everything, as when the states' format has changed.</summary>
    Task ClearAsync(CancellationToken ct = default);

    Task<long> CountAsync(CancellationToken ct = default);
}

/// <summary>The state of a user at a position.</summary>
/// <param name="UserId">The user.</param>
/// <param name="Position">All the user's entries up to here are in it, none behind.</param>
/// <param name="State">Binary form, versioned and checksummed by whoever writes it.</param>
public sealed record StoredUserState(string UserId, long Position, byte[] State);
