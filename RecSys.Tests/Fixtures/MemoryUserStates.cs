using System.Collections.Concurrent;
using RecSys.Core.Storage;

namespace RecSys.Tests.Fixtures;

/// <summary>User states in memory, with the rule of the stored ones: a smaller position changes nothing.</summary>
internal sealed class MemoryUserStates : IUserStateStore
{
    private readonly ConcurrentDictionary<string, StoredUserState> states = new(StringComparer.Ordinal);

    /// <summary>Thrown by every write while it is set.</summary>
    public Exception? Failure { get; set; }

    public int Count => states.Count;

    public IEnumerable<string> Ids => states.Keys;

    public StoredUserState? Find(string userId) => states.GetValueOrDefault(userId);

    public Task SaveAsync(IReadOnlyList<StoredUserState> changed, CancellationToken ct = default)
    {
        if (Failure is { } failure) throw failure;
        foreach (var state in changed) states.AddOrUpdate(state.UserId, state, (_, old) => state.Position < old.Position ? old : state);
        return Task.CompletedTask;
    }

    public Task DeleteAsync(IReadOnlyList<string> userIds, CancellationToken ct = default)
    {
        if (Failure is { } failure) throw failure;
        foreach (var id in userIds) states.TryRemove(id, out _);
        return Task.CompletedTask;
    }

    public Task ClearAsync(CancellationToken ct = default)
    {
        if (Failure is { } failure) throw failure;
        states.Clear();
        return Task.CompletedTask;
    }

    public Task<long> CountAsync(CancellationToken ct = default) => Task.FromResult((long)states.Count);
}
