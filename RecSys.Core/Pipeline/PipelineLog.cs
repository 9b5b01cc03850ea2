using Microsoft.Extensions.Logging;

namespace RecSys.Core.Pipeline;

internal static partial class PipelineLog
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Stage {Stage} failed in request {RequestId}; the reply goes on without it. Not reported since the last time: "
            + "{Unreported}")]
    public static partial void StageFailedOpen(this ILogger logger, Exception exception, string stage, string requestId, long unreported);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Stage {Stage} failed in request {RequestId}; a fallback answers. Not reported since the last time: {Unreported}")]
    public static partial void StageFailed(this ILogger logger, Exception exception, string stage, string requestId, long unreported);
}
