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

    [LoggerMessage(Level = LogLevel.Error,
        Message = "The files of the champion {Version} are gone ({Times} looks since the last line); it serves from memory until the next "
            + "start")]
    public static partial void ChampionGone(this ILogger logger, string version, long times);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "Cannot find out which model is champion ({Times} times since the last line), the one that serves goes on: {Reason}")]
    public static partial void ChampionUnreadable(this ILogger logger, long times, string reason);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "The look for a new champion failed ({Times} times since the last line); the one that serves goes on")]
    public static partial void ChampionCheckFailed(this ILogger logger, Exception exception, long times);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Texts of new items are not encoded: {Reason} The items stand on their other content")]
    public static partial void TextModelUnusable(this ILogger logger, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "No model in memory was trained with the text model of Text:Directory ({TextModel}), so texts of new items are not "
            + "encoded and the items stand on their other content. Train again, or set Text:Directory to the model that was trained with")]
    public static partial void TextModelForeign(this ILogger logger, string textModel);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "The texts of {Items} items could not be encoded since the last line; the items stand on their other content: {Reason}")]
    public static partial void TextsNotEncoded(this ILogger logger, long items, string reason);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Model {Version} could not take in a change of an item ({Times} times since the last line); the item stays there as it "
            + "was until the next bundle")]
    public static partial void ItemNotTaken(this ILogger logger, Exception exception, string version, long times);
}
