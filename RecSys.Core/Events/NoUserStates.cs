using RecSys.Core.Storage;

namespace RecSys.Core.Events;

/// <summary>For a state that lives in memory alone: nothing is stored and nothing found.</summary>
internal sealed class NoUserStates : IUserStateStore
{
    public StoredUserState? Find(string userId) => null;

    public Task SaveAsync(IReadOnlyList<StoredUserState> states, CancellationToken ct = default) => Task.CompletedTask;

    public Task DeleteAsync(IReadOnlyList<string> userIds, CancellationToken ct = default) => Task.CompletedTask;

    public Task ClearAsync(CancellationToken ct = default) => Task.CompletedTask;

    public Task<long> CountAsync(CancellationToken ct = default) => Task.FromResult(0L);
}
