using Microsoft.Extensions.Logging;

namespace RecSys.Core.Retrieval.Text;

internal static partial class TextLog
{
    [LoggerMessage(1, LogLevel.Warning, "The cache of text embeddings '{Path}' is not used: {Reason}. Embeddings are computed anew.")]
    public static partial void CacheUnreadable(ILogger logger, string path, string reason);

    [LoggerMessage(2, LogLevel.Warning,
        "The cache of text embeddings '{Path}' was not written: {Reason}. The next run computes them again.")]
    public static partial void CacheUnwritable(ILogger logger, string path, string reason);

    [LoggerMessage(3, LogLevel.Information, "Encoded {Computed} of {Total} texts, the others were known.")]
    public static partial void Encoded(ILogger logger, int computed, int total);

    [LoggerMessage(4, LogLevel.Information, "Process {Process} encodes the texts of new items.")]
    public static partial void ChildStarted(ILogger logger, int process);

    [LoggerMessage(5, LogLevel.Information, "Process {Process}, which encoded texts, has ended.")]
    public static partial void ChildEnded(ILogger logger, int process);
}
