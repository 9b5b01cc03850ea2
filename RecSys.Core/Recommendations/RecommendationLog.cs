using Microsoft.Extensions.Logging;

namespace RecSys.Core.Recommendations;

internal static partial class RecommendationLog
{
    [LoggerMessage(Level = LogLevel.Error,
        Message = "{Count} records of answered requests since the last such line could not be stored and are lost")]
    public static partial void ServedRecordsLost(this ILogger logger, Exception exception, long count);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{Count} records of answered requests since the last such line were dropped because the store does not keep up")]
    public static partial void ServedRecordsDropped(this ILogger logger, long count);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Served lists of which nothing was reported could not be counted as shown ({Times} times since the last line); they are "
            + "tried again")]
    public static partial void ListsNotShown(this ILogger logger, Exception exception, long times);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The settings that lists are made by could not be put in the log; served records name them by a hash that is not there")]
    public static partial void PoliciesNotKept(this ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The ranking {Name} could not be computed anew; the old one goes on serving")]
    public static partial void RankingNotRefreshed(this ILogger logger, Exception exception, string name);
}
