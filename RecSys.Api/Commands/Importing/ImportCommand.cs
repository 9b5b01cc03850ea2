using System.CommandLine;
using System.CommandLine.Parsing;
using RecSys.Core.Domain;
using RecSys.Core.Import;
using RecSys.Core.Import.DataSets;
using RecSys.Core.Storage;

namespace RecSys.Api.Commands.Importing;

/// <summary>
/// <c>import csv|jsonl|parquet|movielens|kuairand|open-bandit|gorse|recbole|metarank</c>: loads a data set into the log; what was stored
/// stays when it is stopped, and a second run goes on behind it.
/// </summary>
internal static class ImportCommand
{
    private delegate Task<ImportReport> Import(IDatabase database, ImportTarget target, ImportOptions options, ParseResult arguments,
        IProgress<WorkProgress> progress, CancellationToken ct);

    internal static Command Create()
    {
        var directory = new Argument<string>("directory") { Description = "Directory of the unpacked data set." };
        var paths = new Argument<string[]>("path")
        {
            Description = "Files, folders, or patterns in quotes such as 'logs/*.csv.gz'; gzip and zstd are unpacked while reading.",
            Arity = ArgumentArity.OneOrMore,
        };
        var kind = new Argument<RecordKind>("kind")
        {
            Description = "What the rows are: users, items or events.",
            CustomParser = result => ParseKind(result.Tokens[0].Value, result.AddError),
            HelpName = "users|items|events",
        };
        foreach (var argument in (Argument[])[directory, paths, kind]) argument.Validators.Add(RefuseOptions);

        var command = new Command("import",
            "Load users, items and events into the store. A second import of the same files adds nothing.")
        {
            Records("csv", [], "A table with a header line, separated by commas, tabs, semicolons or bars.", RecordFormat.Csv),
            Records("jsonl", ["json"], "JSON objects, one per line or in one array.", RecordFormat.Json),
            Records("parquet", [], "Apache Parquet.", RecordFormat.Parquet),
            Verb("movielens", [], "MovieLens 100K, 1M, 10M, 20M, 25M, 32M or latest, in the published files.", ImportArguments.DataSet,
                [directory], (_, target, options, arguments, progress, ct) =>
                    new MovieLensImporter(target, options).ImportAsync(arguments.GetRequiredValue(directory), progress, ct)),
            Verb("kuairand", [], "KuaiRand-Pure, -1K or -27K, in the published files.", ImportArguments.DataSet,
                [directory], (_, target, options, arguments, progress, ct) =>
                    new KuaiRandImporter(target, options).ImportAsync(arguments.GetRequiredValue(directory), progress, ct)),
            Verb("open-bandit", [], "The Open Bandit Dataset, POLICY/CAMPAIGN/CAMPAIGN.csv, as published: events, and served records with "
                + "propensities for evaluate --protocol off-policy.", ImportArguments.DataSet, [directory],
                (database, target, options, arguments, progress, ct) =>
                    new OpenBanditImporter(target, options, database.ServedRecords, database.EventLog)
                        .ImportAsync(arguments.GetRequiredValue(directory), progress, ct)),
            Verb("recbole", [], "A folder of RecBole's atomic files: *.inter and, where present, *.item and *.user.",
                ImportArguments.RecBole, [directory], (_, target, options, arguments, progress, ct) =>
                    new RecBoleImporter(target, options).ImportAsync(arguments.GetRequiredValue(directory), progress, ct)),
            Verb("gorse", [], "What gorse exports: users, items and feedback as JSON lines, or the CSV of earlier versions.",
                ImportArguments.Feedback, [paths], (_, target, options, arguments, progress, ct) =>
                    new GorseImporter(target, options).ImportAsync(arguments.GetRequiredValue(paths), progress, ct)),
            Verb("metarank", [], "Events of Metarank as JSON objects: item, user, ranking, interaction.", ImportArguments.Feedback,
                [paths], (_, target, options, arguments, progress, ct) =>
                    new MetarankImporter(target, options).ImportAsync(arguments.GetRequiredValue(paths), progress, ct)),
        };
        return command;

        Command Records(string name, string[] aliases, string description, RecordFormat format) => Verb(
            name, aliases, $"{description} {ImportHelp.Fields(format)}", ImportArguments.Of(format), [kind, paths],
            (_, target, options, arguments, progress, ct) => new RecordImporter(target, options).ImportAsync(
                format, arguments.GetRequiredValue(kind), arguments.GetRequiredValue(paths), progress, ct),
            arguments => ImportArguments.RequireEffect(arguments, arguments.GetRequiredValue(kind)));
    }

    private static Command Verb(string name, string[] aliases, string description, IReadOnlyList<Option> options, Argument[] arguments,
        Import import, Action<ParseResult>? check = null)
    {
        var verb = new Command(name, description);
        foreach (var alias in aliases) verb.Aliases.Add(alias);
        foreach (var argument in arguments) verb.Add(argument);
        foreach (var option in options) verb.Add(option);
        verb.SetAction(async (parsed, ct) =>
        {
            check?.Invoke(parsed);
            var importing = ImportArguments.Read(parsed);
            using var place = ImportPlace.Of(importing);
            await using var database = await Databases.OpenAsync(place.Folder, ct);
            var target = new ImportTarget(database.Import, database.Contents, Pace(database));
            ImportReport report;
            using (var progress = new ProgressDisplay()) report = await import(database, target, importing, parsed, progress, ct);
            ImportPrinting.Print(report, parsed.InvocationConfiguration.Output);
            return 0;
        });
        return verb;
    }

    // A misspelt option would be read as a path, or what follows it as a rule of nobody.
    private static void RefuseOptions(ArgumentResult result)
    {
        if (result.Tokens.Any(token => token.Value.Length == 0)) result.AddError($"{result.Argument.Name} needs a name; one is empty.");
        if (result.Tokens.FirstOrDefault(token => token.Value is ['-', _, ..])?.Value is not { } given) return;
        var name = given.Split('=')[0];
        var options = result.Parent is CommandResult { Command: var verb } ? verb.Options.Select(option => option.Name).ToArray() : [];
        result.AddError($"There is no option {name}"
            + (NearestName.Of(name, options) is { } near ? $"; did you mean {near}?" : $"; there are {string.Join(", ", options)}.")
            + " A file whose name begins with a dash is written ./-name.");
    }

    // Beside a server the import leaves room for its posts.
    private static ImportPace Pace(IDatabase database) =>
        new(database.EventLog, () => DataFolderLock.FindHolder(database.DataFolder) is not null, TimeProvider.System);

    private static RecordKind ParseKind(string name, Action<string> fail)
    {
        if (!RecordKinds.TryParse(name, out var kind)) fail($"'{name}' is none of {RecordKinds.AllNames}.");
        return kind;
    }
}
