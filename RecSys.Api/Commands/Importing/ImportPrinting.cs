using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Import;
using RecSys.Core.Storage;

namespace RecSys.Api.Commands.Importing;

/// <summary>Tells a person what an import did, and what about it may not be what they meant.</summary>
internal static class ImportPrinting
{
    internal static void Print(ImportReport report, TextWriter output)
    {
        void Part(FormattableString text) => output.Write(text.ToString(CultureInfo.InvariantCulture));
        void Line(FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));

        foreach (var note in report.Notes) Line($"{(note.StartsWith("warning: ", StringComparison.Ordinal) ? "" : "note: ")}{note}.");
        foreach (var row in report.FirstRows) Line($"row: {row}");
        var events = report.Events.Values.Sum();
        Part($"{(report.DryRun ? "Would import" : "Imported")} {report.Users.Added + report.Users.Changed:#,0} users, ");
        Part($"{report.Items.Added + report.Items.Changed:#,0} items and {events:#,0} events ");
        Line($"from {report.Kept:#,0} rows in {Took(report.Elapsed)} ({Rate(report)} rows/s).");
        Stored(report.Users, "users");
        Stored(report.Items, "items");
        if (report.Replaced > 0) Line($"{report.Replaced:#,0} rows have an id that a later row has, too; the last one counts.");
        foreach (var (type, count) in report.Events) Line($"  {type.ToName(),-12} {count,12:#,0}");
        if (report.TakenBack > 0) Line($"{report.TakenBack:#,0} of them take an earlier one back, such as refunds.");
        if (report.CameIn > 0) Line($"{report.CameIn:#,0} events that had waited for these items came in with them.");
        if (report.Duplicates > 0) Line($"{report.Duplicates:#,0} events were stored already or came twice.");
        if (report.UnknownItems is { } items)
        {
            Part($"warning: {items.Events:#,0} of {events + report.Duplicates + items.Events:#,0} events name no known item ");
            Line($"({items.Quoted()}) and are not learnt from: {items.Cause}.");
            if (report.NotKept > 0)
            {
                Part($"  {report.NotKept:#,0} of them were left out, since too many wait already. ");
                Line($"Import the items, then the events again.");
            }
            else if (!report.DryRun) Line($"  They wait until the items come, at most {new LogLimits().ParkedDays} days.");
        }
        if (report.UnknownUsers is { } users)
            Line($"note: {users.Events:#,0} of {events:#,0} events are of users without a profile ({users.Quoted()}): {users.Cause}.");
        if (report.Anonymous > 0)
        {
            Part($"{report.Anonymous:#,0} rows name no user and were left out; ");
            Line($"--anonymous session:<column> lets another column stand in for the user.");
        }
        if (report.OfErasedUsers > 0) Line($"{report.OfErasedUsers:#,0} rows of erased users were left out.");
        if (report.RejectsPath is { } path) Line($"{report.Rejected:#,0} malformed rows were left out; see {path}");
        foreach (var reason in report.RejectReasons) Line($"  {reason.Rows,12:#,0} {reason.Reason} (first in {reason.First})");

        void Stored(StoredCounts counts, string what)
        {
            if (counts.All == 0) return;
            Line($"  {what,-12} {counts.Added:#,0} added, {counts.Changed:#,0} changed, {counts.Unchanged:#,0} unchanged");
        }
    }

    private static FormattableString Took(TimeSpan elapsed) => elapsed.TotalSeconds < 0.1
        ? $"{Math.Max(1, elapsed.TotalMilliseconds):0} ms" : (FormattableString)$"{elapsed.TotalSeconds:0.0} s";

    private static string Rate(ImportReport report) =>
        (report.Read / Math.Max(0.001, report.Elapsed.TotalSeconds)).ToString("#,0", CultureInfo.InvariantCulture);
}
