using Microsoft.Extensions.Logging;

namespace RecSys.Core.Recommendations;

internal static partial class RecommendationLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} served lists since the last such line could not be stored and are lost")]
    public static partial void ServedListsLost(this ILogger logger, Exception exception, long count);

    [LoggerMessage(Level = LogLevel.Error, Message = "The served features of {Count} requests since the last such line could not be stored and are lost")]
    public static partial void ServedFeaturesLost(this ILogger logger, Exception exception, long count);

    [LoggerMessage(Level = LogLevel.Error, Message = "The work after the response of request {RequestId} failed")]
    public static partial void SideEffectsFailed(this ILogger logger, Exception exception, string requestId);

    [LoggerMessage(Level = LogLevel.Error, Message = "The ranking {Name} could not be computed anew; the old one goes on serving")]
    public static partial void RankingNotRefreshed(this ILogger logger, Exception exception, string name);
}
