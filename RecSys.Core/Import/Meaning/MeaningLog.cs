using Microsoft.Extensions.Logging;

namespace RecSys.Core.Import.Meaning;

/// <summary>Log lines about what events mean.</summary>
internal static partial class MeaningLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "What events mean was not read anew, the rules before stay in force: {Reason}")]
    public static partial void MeaningNotRead(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Ratings come in that lie off the scale {Scale} that imports found; they count as its nearest end")]
    public static partial void RatingOffScale(this ILogger logger, string scale);
}
