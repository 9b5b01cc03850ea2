using RecSys.Core.Domain;

namespace RecSys.Core.Storage;

/// <summary>A log up to one of its entries, whatever came later.</summary>
internal static class LogOfEntries
{
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
