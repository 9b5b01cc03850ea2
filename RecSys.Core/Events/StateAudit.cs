using Microsoft.Extensions.Logging.Abstractions;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Core.Events;

/// <summary>
/// Compares the state that a start of the server has, from its newest snapshot and the log behind it, with a fold of the whole log from its
/// first entry that takes nothing from snapshots, stored users or recorded contributions.
/// </summary>
/// <param name="database">Nobody else may use it meanwhile.</param>
/// <param name="options">As the server's.</param>
/// <param name="folds">Makes the other folds, empty ones.</param>
public sealed class StateAudit(IDatabase database, EventOptions options, Func<IReadOnlyList<IEventFold>> folds)
{
    /// <summary>Reads the log twice. Contributions of erased users cannot be found anew: the recorded ones are taken.</summary>
    /// <exception cref="RecSysException">The store cannot be read.</exception>
    public async Task<StateAuditReport> RunAsync(CancellationToken ct)
    {
        var head = await database.EventLog.ReadHeadAsync(ct);
        var snapshots = new StateSnapshots(
            Path.Combine(database.DataFolder, StateSnapshots.FolderName), database.UserStates, options, TimeProvider.System,
            new EventMetrics(new PlainMeters()), NullLogger<StateSnapshots>.Instance);
        var restored = await snapshots.ReadAsync(head, folds, ct);
        var from = restored.Position;
        await foreach (var entry in database.EventLog.ReadAfterAsync(from, ct))
            restored.Fold(entry, entry.Position <= head.Resolved ? entry.Contribution ?? Contribution.None : null);

        var whole = new LiveState(head.Epoch, new NoUserStates(), storeIsEmpty: true, new EventOptions { MaxUsersInMemory = int.MaxValue },
            folds());
        var differing = new List<string>();
        await foreach (var entry in database.EventLog.ReadAfterAsync(0, ct))
        {
            var recorded = entry.Position <= head.Resolved ? entry.Contribution ?? Contribution.None : (Contribution?)null;
            var nameless = entry.Change is EventChange { Event.UserId: "" };
            var found = whole.Fold(entry, nameless ? recorded : null);
            if (entry.Change is EventChange && recorded is { } known && known != found && differing.Count < 20)
                differing.Add($"contribution of position {entry.Position}");
        }
        var users = whole.UserIds.ToList();
        differing.AddRange(StateDifference.Between(whole, restored, users));
        return new StateAuditReport(from, whole.Position, users.Count, whole.Catalog.Count, differing);
    }
}

/// <summary>What a <see cref="StateAudit"/> has found.</summary>
/// <param name="SnapshotPosition">Position of the snapshot that a start begins with; 0 for none.</param>
/// <param name="Position">Last entry of the log.</param>
/// <param name="Users">Users that were compared.</param>
/// <param name="Items">Items that were compared.</param>
/// <param name="Differing">Names what differs, the first of them; empty when nothing does.</param>
public sealed record StateAuditReport(long SnapshotPosition, long Position, int Users, int Items, IReadOnlyList<string> Differing);
