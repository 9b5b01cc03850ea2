using Microsoft.Extensions.Options;
using RecSys.Api.Hosting.Telemetry;
using RecSys.Core.Domain;
using RecSys.Core.Events;
using RecSys.Core.Storage;

namespace RecSys.Api.Hosting;

/// <summary>
/// Folds the log of a data folder up to its end, from the newest state snapshot on, and records what its events contributed.
/// </summary>
internal static class LogCatchUp
{
    /// <summary>The folded log, and the tail that can go on folding it.</summary>
    public static async Task<(LiveState Live, EventTail Tail)> RunAsync(
        IDatabase database, EventMetrics metrics, ILoggerFactory loggers, IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken)
    {
        var options = Settings.Events();
        var folder = Path.Combine(database.DataFolder, StateSnapshots.FolderName);
        var snapshots =
            new StateSnapshots(folder, database.UserStates, options, TimeProvider.System, metrics, loggers.CreateLogger<StateSnapshots>());
        progress?.Report(new WorkProgress("fold the log", 0, null, "entries"));
        var head = await database.EventLog.ReadHeadAsync(cancellationToken);
        var live = await snapshots.ReadAsync(head, ServingState.Folds, cancellationToken);
        var tail = new EventTail(database.EventLog, live, snapshots, Options.Create(options), TimeProvider.System, metrics,
            loggers.CreateLogger<EventTail>());
        await tail.CatchUpAsync(progress, cancellationToken);
        return (live, tail);
    }

    /// <summary>
    /// Records the contributions of a log that no server reads, such as one that was just imported; where one does, it records them itself.
    /// </summary>
    /// <exception cref="RecSysException">A server starts at the same moment.</exception>
    public static async Task ResolveAsync(IDatabase database, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        var head = await database.EventLog.ReadHeadAsync(cancellationToken);
        if (head.Resolved >= head.Position || DataFolderLock.FindHolder(database.DataFolder) is not null) return;
        using var held = DataFolderLock.Take(database.DataFolder);
        using var loggers = LogOutput.BeforeHost();
        var (_, tail) = await RunAsync(database, new EventMetrics(new PlainMeters()), loggers, progress, cancellationToken);
        tail.Dispose();
    }
}
