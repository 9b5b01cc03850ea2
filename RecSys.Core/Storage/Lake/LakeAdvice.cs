namespace RecSys.Core.Storage.Lake;

/// <summary>What to do about a lake that is not in order.</summary>
internal static class LakeAdvice
{
    internal const string ExportAgain =
        "Remove the day (all of its files there) and export it again (recsys lake export) while the database has it, or take the day "
            + "from a copy.";
}
