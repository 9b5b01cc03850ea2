using RecSys.Core.Domain;
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
        if (after.Events - before.Events != events + report.CameIn)
            return $"{events} events and {report.CameIn} that had waited are reported and {after.Events - before.Events} stored";
        if (after.Items - before.Items != report.Items.Added) return $"{report.Items.Added} items are reported and "
            + $"{after.Items - before.Items} stored";
        if (after.Users - before.Users != report.Users.Added) return $"{report.Users.Added} users are reported and "
            + $"{after.Users - before.Users} stored";
        var found = events + report.Duplicates + report.Parked + report.NotKept + report.OfErasedUsers + report.Items.All
            + report.Users.All + report.Replaced;
        if (found != report.Staged) return $"{report.Staged} records were made of the rows and {found} are accounted for";
        return FindLostRows(report, file, kind);
    }

    // A row is at least one record everywhere: events, an item or a user. In the general formats, and in those of gorse and RecBole, whose
    // files are of one kind each, it is one; of MovieLens' ratings the better ones are likes, too; Open Bandit's rows of one visitor are
    // the visitor once, and those with a click a click, too.
    private static string? FindLostRows(ImportReport report, FuzzFile file, RecordKind kind)
    {
        if (report.Staged < report.Kept) return $"{report.Kept} rows are kept and gave {report.Staged} records";
        var name = Path.GetFileName(file.Path);
        var isFolder = Directory.Exists(file.Path);
        bool Has(string part) => isFolder && Path.Exists(Path.Combine(file.Path, part));
        var besides = Has("ratings.dat") ? report.Staged - report.Kept - Stored(report, EventType.Like)
            : Has("random") ? report.Staged - report.Kept - Stored(report, EventType.Click) - report.Users.All
            : Has("x.inter") || name == "gorse.jsonl" || (IsOneKind(report, kind) && name.StartsWith("rows.", StringComparison.Ordinal))
                ? report.Staged - report.Kept
            : 0;
        // What is there already or waits does not say of what type it is, so that likes and clicks may hide among these.
        var hidden = Has("ratings.dat") || Has("random") ? report.Duplicates + report.Parked : 0;
        return besides < 0 || besides > hidden
            ? $"{report.Kept} rows are kept and gave {report.Staged} records, {besides} more than they may be" : null;
    }

    private static long Stored(ImportReport report, EventType type) => report.Events.GetValueOrDefault(type);

    private static bool IsOneKind(ImportReport report, RecordKind kind) => kind switch
    {
        RecordKind.Users => report.Items.All == 0 && report.Events.Count == 0,
        RecordKind.Items => report.Users.All == 0 && report.Events.Count == 0,
        _ => report.Users.All == 0 && report.Items.All == 0,
    };
}
