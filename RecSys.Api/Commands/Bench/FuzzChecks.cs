using RecSys.Core.Import;
using RecSys.Core.Storage;

namespace RecSys.Api.Commands.Bench;

/// <summary>Holds the report of an import against the file and the store.</summary>
internal static class FuzzChecks
{
    /// <summary>What does not agree, or null.</summary>
    internal static string? FindFault(ImportReport report, FuzzFile file, RecordKind kind, LogCounts before, LogCounts after)
    {
        var lines = report.Read + report.Continued;
        if (file.FewestRows >= 0 && (lines < file.FewestRows || lines > file.MostRows))
            return $"{report.Read} rows with {report.Continued} further lines, but the file has {file.FewestRows} to {file.MostRows}";
        if (report.Kept < 0 || report.Rejected < 0) return "a count is negative";
        var events = report.Events.Values.Sum();
        // Events of earlier files may have waited for the items of this one.
        if (report.Items.Added == 0 && after.Events - before.Events != events)
            return $"{events} events are reported and {after.Events - before.Events} stored";
        if (after.Items - before.Items != report.Items.Added) return $"{report.Items.Added} items are reported and "
            + $"{after.Items - before.Items} stored";
        if (after.Users - before.Users != report.Users.Added) return $"{report.Users.Added} users are reported and "
            + $"{after.Users - before.Users} stored";
        if (HasOneRecordPerRow(file, report, kind))
        {
            var found = events + report.Duplicates + report.Parked + report.NotKept + report.OfErasedUsers + report.Items.All
                + report.Users.All + report.Replaced;
            if (found != report.Kept) return $"{report.Kept} rows are kept and {found} are accounted for";
        }
        return null;
    }

    // So it is in the general formats, and in those of gorse and RecBole, whose files are of one kind each. Elsewhere a row may be several
    // events, or none: a rating is a wish beside a view, a play without a click is the value of its impression.
    private static bool HasOneRecordPerRow(FuzzFile file, ImportReport report, RecordKind kind) => Directory.Exists(file.Path)
        ? File.Exists(Path.Combine(file.Path, "x.inter"))
        : Path.GetFileName(file.Path) == "gorse.jsonl"
            || (IsOneKind(report, kind) && Path.GetFileName(file.Path).StartsWith("rows.", StringComparison.Ordinal));

    private static bool IsOneKind(ImportReport report, RecordKind kind) => kind switch
    {
        RecordKind.Users => report.Items.All == 0 && report.Events.Count == 0,
        RecordKind.Items => report.Users.All == 0 && report.Events.Count == 0,
        _ => report.Users.All == 0 && report.Items.All == 0,
    };
}
