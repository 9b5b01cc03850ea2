using System.CommandLine;
using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Import;
using RecSys.Core.Storage;

namespace RecSys.Api.Commands;

/// <summary>
/// <c>import movielens|kuairand|jsonl|csv</c>: loads a data set into the log; what was stored stays when it is stopped, and a second run
/// goes on behind it.
/// </summary>
internal static class ImportCommand
{
    private const string Fields = """
          items:   id, title, category; tags, creator, price, duration_seconds, created_at, thumbnail_url, available, flagged, description
          users:   id; gender, age, location, created_at
          events:  user_id, item_id, type, time; id, value, position, request_id, device, location, meaning, amount, currency,
                   revenue_source, session_id, scenario
        What stands before a semicolon is required. Further fields of items and users become attributes; further fields of events are
        refused. Times are ISO 8601 with a zone, as in 2026-01-31T12:00:00Z, or Unix milliseconds. Items, users and events are imported
        one file each, best in this order: events on unknown items wait for them.
        """;

    private delegate Task<ImportReport> Import(
        IDatabase database, ImportOptions options, ParseResult arguments, IProgress<WorkProgress> progress, CancellationToken ct);

    internal static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Folder of the database.", DefaultValueFactory = _ => "data",
            HelpName = "folder" };
        var maxRejects = new Option<double>("--max-rejects")
        {
            Description = "Malformed rows allowed per file, in percent; with more, nothing is imported.",
            DefaultValueFactory = _ => 1.0,
            HelpName = "percent",
        };
        var directory = new Argument<string>("directory") { Description = "Directory of the unpacked data set." };
        var kind = new Argument<RecordKind>("kind")
        {
            Description = "What the rows are: users, items or events.",
            CustomParser = result => ParseKind(result.Tokens[0].Value, result.AddError),
            HelpName = "users|items|events",
        };
        var file = new Argument<string>("file") { Description = "File of rows." };

        var command = new Command("import", "Load users, items and events into the store. A second import of the same files adds nothing.")
        {
            Verb("movielens", "MovieLens-1M: users.dat, movies.dat, ratings.dat.", [directory],
                (database, options, arguments, progress, ct) =>
                new MovieLensImporter(database.Import, Pace(database), options)
                    .ImportAsync(arguments.GetRequiredValue(directory), progress, ct)),
            Verb("kuairand", "KuaiRand-Pure: features, impressions and history.", [directory],
                (database, options, arguments, progress, ct) =>
                new KuaiRandImporter(database.Import, Pace(database), options)
                    .ImportAsync(arguments.GetRequiredValue(directory), progress, ct)),
            Verb("jsonl", "One JSON object per line.\n" + Fields, [kind, file], (database, options, arguments, progress, ct) =>
                new JsonlImporter(database.Import, Pace(database), options)
                    .ImportAsync(arguments.GetRequiredValue(kind), arguments.GetRequiredValue(file), progress, ct)),
            Verb("csv", "Comma-separated values with a header line; tags are separated by |.\n" + Fields, [kind, file],
                (database, options, arguments, progress, ct) =>
                new CsvImporter(database.Import, Pace(database), options)
                    .ImportAsync(arguments.GetRequiredValue(kind), arguments.GetRequiredValue(file), progress, ct)),
        };
        return command;

        Command Verb(string name, string description, Argument[] arguments, Import import)
        {
            var verb = new Command(name, description) { data, maxRejects };
            foreach (var argument in arguments) verb.Add(argument);
            verb.SetAction(async (parsed, ct) =>
            {
                var folder = parsed.GetRequiredValue(data);
                await using var database = await Databases.OpenAsync(folder, ct);
                var options = new ImportOptions(database.DataFolder) { MaxRejects = parsed.GetRequiredValue(maxRejects) / 100 };
                ImportReport report;
                using (var progress = new ProgressDisplay()) report = await import(database, options, parsed, progress, ct);
                Print(report, parsed.InvocationConfiguration.Output);
                return 0;
            });
            return verb;
        }
    }

    // Beside a server the import leaves room for its posts.
    private static ImportPace Pace(IDatabase database) =>
        new(database.EventLog, () => DataFolderLock.FindHolder(database.DataFolder) is not null, TimeProvider.System);

    private static RecordKind ParseKind(string name, Action<string> fail)
    {
        if (!RecordKinds.TryParse(name, out var kind)) fail($"'{name}' is none of {RecordKinds.AllNames}.");
        return kind;
    }

    private static void Print(ImportReport report, TextWriter output)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Imported {report.Users:#,0} users, {report.Items:#,0} items and {report.Events.Values.Sum():#,0} events from "
                + $"{report.Kept:#,0} rows in {report.Elapsed.TotalSeconds:0.0} s."));
        foreach (var (type, count) in report.Events)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {type.ToName(),-12} {count,12:#,0}"));
        if (report.Duplicates > 0)
            output.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{report.Duplicates:#,0} events were stored already or came twice."));
        if (report.Parked > 0)
            output.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{report.Parked:#,0} events wait for items that are not stored yet."));
        if (report.NotKept > 0)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{report.NotKept:#,0} events on unknown items were left out, since too many wait already. Import the items, then the "
                    + $"events again."));
        }
        if (report.OfErasedUsers > 0)
            output.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{report.OfErasedUsers:#,0} rows of erased users were left out."));
        if (report.RejectsPath is { } path)
            output.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{report.Rejected:#,0} malformed rows were left out; see {path}"));
    }
}
