using Microsoft.Extensions.Logging;

namespace RecSys.Core.Models;

internal static partial class ModelsLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Model {Version} serves from now on")]
    public static partial void ChampionSwapped(this ILogger logger, string version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Model {Version}: {Remark}")]
    public static partial void IndexRemark(this ILogger logger, string version, string remark);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The champion does not serve: {Warning}")]
    public static partial void StartedWithoutChampion(this ILogger logger, string warning);

    [LoggerMessage(Level = LogLevel.Error, Message = "The new champion {Version} was refused, {Serving} goes on serving: {Reason}")]
    public static partial void ChampionRefused(this ILogger logger, string version, string? serving, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Cannot find out which model is champion ({Times} times since the last line), the one that serves goes on: {Reason}")]
    public static partial void ChampionUnreadable(this ILogger logger, int times, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The look for a new champion failed ({Times} times since the last line); the one that serves goes on")]
    public static partial void ChampionCheckFailed(this ILogger logger, Exception exception, int times);
}
