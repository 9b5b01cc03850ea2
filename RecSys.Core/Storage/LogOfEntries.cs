using System.Text;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Lake;

namespace RecSys.Core.Storage;

/// <summary>
/// The columnar form of the entries of a log up to one of them: items, users and merges as that entry left them, whatever came later. The
/// same as the lake gives for the same entries.
/// </summary>
internal static class LogOfEntries
{
    private const int ReportEvery = 0x3FFFF;

    /// <param name="log">Read twice: what items and users are is known at the end of the first time.</param>
    /// <param name="last">Position of the last entry.</param>
    /// <param name="progress">Told of entries.</param>
    /// <param name="ct">Stops the reading.</param>
    public static async Task<InteractionLog> ReadAsync(IEventLog log, long last, IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        var contents = new LakeContents();
        await foreach (var entry in UpToAsync(log, last, ct))
        {
            if (entry.Change is not EventChange) contents.Apply(entry);
        }
        var builder = new InteractionLogBuilder(contents.Items, contents.ListUsers());
        await foreach (var entry in UpToAsync(log, last, ct))
        {
            if ((entry.Position & ReportEvery) == 0) progress?.Report(new WorkProgress("read the log", entry.Position, last, "entries"));
            if (entry.Change is not EventChange { Event: var e }) continue;
            var user = e.UserId.Length == 0 ? -1 : builder.UserOf(e.UserId);
            builder.Add(entry.Position, LogEvents.Of(e, user, entry.Item, entry.FoldMs) with
            {
                List = e.RequestId is { Length: > 0 } list ? builder.ListOf(Encoding.UTF8.GetBytes(list)) : 0,
            });
        }
        progress?.Report(new WorkProgress("read the log", last, last, "entries"));
        return builder.Build(contents.Merges);
    }

    /// <summary>Entries behind a position and up to another.</summary>
    public static async IAsyncEnumerable<LogEntry> UpToAsync(
        IEventLog log, long last, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct, long after = 0)
    {
        await foreach (var entry in log.ReadAfterAsync(after, ct))
        {
            if (entry.Position > last) yield break;
            yield return entry;
        }
    }
}
