using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Import;
using RecSys.Core.Import.Meaning;
using RecSys.Core.Import.Rows;

namespace RecSys.Api.Commands.Importing;

/// <summary>The options of the import commands, and what they say.</summary>
internal static class ImportArguments
{
    private static readonly Option<string> Data = CommonOptions.Named(new("--data")
    {
        Description = "Folder of the database; its import.json, where there is one, says what events mean.",
        DefaultValueFactory = _ => "data", HelpName = "folder",
    });

    private static readonly Option<double> MaxRejects = CommonOptions.InRange(new Option<double>("--max-rejects")
    {
        Description = "Malformed rows allowed per file, in percent; with more, nothing is imported.",
        DefaultValueFactory = _ => 1.0, HelpName = "percent",
    }, 0, 100);

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Read everything, say what would come in, store "
        + "nothing." };

    private static readonly Option<string[]> Column = new("--column")
    {
        Description = "Which column is which field, such as user_id=customer; may be repeated.", HelpName = "field=column",
    };

    private static readonly Option<string[]> Ignore = new("--ignore")
    {
        Description = "Columns to leave out, separated by commas; may be repeated.", HelpName = "columns",
    };

    private static readonly Option<char?> Delimiter = new("--delimiter")
    {
        Description = "What separates columns: comma, tab, semicolon, bar or a character; the header shows it when left out.",
        CustomParser = result => ParseDelimiter(result), HelpName = "character",
    };

    private static readonly Option<int> MostLineBreaks = CommonOptions.InRange(new Option<int>("--max-line-breaks")
    {
        Description = "Line breaks that one row may have before the import stops.",
        DefaultValueFactory = _ => new ImportOptions("").MostLineBreaks, HelpName = "number",
    }, 1, 1_000_000);

    private static readonly Option<TimeUnit> Unit = new("--time-unit")
    {
        Description = "What numbers that are times count: auto (told by their size), s, ms, us or ns.",
        DefaultValueFactory = _ => TimeUnit.Auto, CustomParser = ParseUnit, HelpName = "auto|s|ms|us|ns",
    };

    private static readonly Option<TimeZoneInfo?> Zone = new("--zone")
    {
        Description = "Time zone of times that name none, such as UTC, +01:00 or Europe/Berlin.", CustomParser = ParseZone,
        HelpName = "zone",
    };

    private static readonly Option<bool?> WholeIds = new("--whole-ids")
    {
        Description = "Read the id 12.0 as 12; later imports into the folder do the same, unless told false.", HelpName = "true|false",
    };

    private static readonly Option<string?> Type = new("--type")
    {
        Description = "The type of events of which no column says it, such as click.", HelpName = "type",
    };

    private static readonly Option<string[]> Map = new("--map")
    {
        Description = "What a word for a type stands for, such as bought=purchase or cancelled=purchase:undo; may be repeated.",
        HelpName = "word=type",
    };

    private static readonly Option<string[]> Positive = new("--positive")
    {
        Description = "Events that are wishes, such as \"rating>=4\"; may be repeated.", HelpName = "rule",
    };

    private static readonly Option<string[]> Negative = new("--negative")
    {
        Description = "Events that count against, such as \"rating<=2\"; may be repeated.", HelpName = "rule",
    };

    private static readonly Option<string> Anonymous = new("--anonymous")
    {
        Description = "Events without a user: skip them, or let a column stand in, such as session:session_id.",
        DefaultValueFactory = _ => "skip", HelpName = "skip|session:column",
    };

    /// <summary>Of the importers of data sets.</summary>
    internal static IReadOnlyList<Option> DataSet { get; } = [Data, MaxRejects, DryRun, Positive, Negative];

    /// <summary>Of importers that meet words for types that only their senders know.</summary>
    internal static IReadOnlyList<Option> Feedback { get; } = [.. DataSet, Map];

    /// <summary>Of atomic files, whose interactions may say neither type nor unit of time.</summary>
    internal static IReadOnlyList<Option> RecBole { get; } = [.. DataSet, Type, Unit];

    /// <summary>Of the general formats.</summary>
    internal static IReadOnlyList<Option> Of(RecordFormat format) =>
    [
        .. Feedback, Column, Ignore, Unit, Zone, WholeIds, Type, Anonymous,
        .. format == RecordFormat.Csv ? (Option[])[Delimiter, MostLineBreaks] : [],
    ];

    /// <summary>Refuses options that say something of events where the rows are users or items, which would have no effect.</summary>
    /// <exception cref="RecSysException">There is one.</exception>
    internal static void RequireEffect(ParseResult parsed, RecordKind kind)
    {
        if (kind == RecordKind.Events) return;
        foreach (var option in (Option[])[Type, Map, Positive, Negative, Anonymous])
        {
            if (parsed.GetResult(option) is { Implicit: false })
                throw new RecSysException($"{option.Name} says something of events and has no effect on {RecordKinds.Name(kind)}; leave it "
                    + "out, or import events with it.");
        }
    }

    /// <exception cref="RecSysException">An option is not what it should be.</exception>
    internal static ImportOptions Read(ParseResult parsed) => new(Path.GetFullPath(parsed.GetRequiredValue(Data)))
    {
        MaxRejects = parsed.GetRequiredValue(MaxRejects) / 100,
        DryRun = parsed.GetValue(DryRun),
        Columns = Pairs(parsed.GetValue(Column), "--column", "user_id=customer"),
        Ignored = [.. (parsed.GetValue(Ignore) ?? []).SelectMany(names => names.Split(',', StringSplitOptions.RemoveEmptyEntries))],
        Delimiter = parsed.GetValue(Delimiter),
        MostLineBreaks = parsed.GetResult(MostLineBreaks) is null ? new ImportOptions("").MostLineBreaks : parsed.GetValue(MostLineBreaks),
        TimeUnit = parsed.GetValue(Unit),
        Zone = parsed.GetValue(Zone),
        WholeIds = parsed.GetValue(WholeIds),
        Type = parsed.GetValue(Type),
        Types = Pairs(parsed.GetValue(Map), "--map", "bought=purchase").ToDictionary(pair => pair.Key, pair =>
            MappedType.Parse(pair.Value)),
        Positive = [.. (parsed.GetValue(Positive) ?? []).Select(MeaningRule.Parse)],
        Negative = [.. (parsed.GetValue(Negative) ?? []).Select(MeaningRule.Parse)],
        Anonymous = ParseAnonymous(parsed.GetValue(Anonymous) ?? "skip"),
    };

    private static Dictionary<string, string> Pairs(string[]? texts, string option, string example)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in texts ?? [])
        {
            var sign = text.IndexOf('=', StringComparison.Ordinal);
            if (sign <= 0 || sign == text.Length - 1) throw new RecSysException($"{option} {text} is not of the form {option} {example}.");
            if (!pairs.TryAdd(text[..sign], text[(sign + 1)..]))
                throw new RecSysException($"{option} names {text[..sign]} twice.");
        }
        return pairs;
    }

    private static AnonymousRows ParseAnonymous(string text)
    {
        if (text == "skip") return AnonymousRows.Skip;
        const string Prefix = "session:";
        return text.StartsWith(Prefix, StringComparison.Ordinal) && text.Length > Prefix.Length
            ? new AnonymousRows(text[Prefix.Length..])
            : throw new RecSysException($"--anonymous {text} is neither skip nor session: with a column, such as session:session_id.");
    }

    private static char? ParseDelimiter(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        char? found = text.ToLowerInvariant() switch
        {
            "comma" => ',',
            "tab" or "\\t" => '\t',
            "semicolon" => ';',
            "bar" or "pipe" => '|',
            [var one] when char.IsAscii(one) && one is not ('"' or '\n' or '\r') && !char.IsLetterOrDigit(one) => one,
            _ => null,
        };
        if (found is null) result.AddError("--delimiter must be comma, tab, semicolon, bar, or one ASCII character that is no letter, "
            + "digit or quote.");
        return found;
    }

    private static TimeUnit ParseUnit(ArgumentResult result)
    {
        TimeUnit? unit = result.Tokens[0].Value.ToLowerInvariant() switch
        {
            "auto" => TimeUnit.Auto,
            "s" => TimeUnit.Seconds,
            "ms" => TimeUnit.Milliseconds,
            "us" => TimeUnit.Microseconds,
            "ns" => TimeUnit.Nanoseconds,
            _ => null,
        };
        if (unit is null) result.AddError("--time-unit must be auto, s, ms, us or ns; ISO 8601 is read with any of them.");
        return unit ?? TimeUnit.Auto;
    }

    private static TimeZoneInfo? ParseZone(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (text is "Z") return TimeZoneInfo.Utc;
        if (text is ['+' or '-', ..] && TimeSpan.TryParseExact(text[1..], @"hh\:mm", CultureInfo.InvariantCulture, out var offset)
            && offset <= TimeSpan.FromHours(14))
            return TimeZoneInfo.CreateCustomTimeZone(text, text[0] == '-' ? -offset : offset, text, text);
        if (TimeZoneInfo.TryFindSystemTimeZoneById(text, out var zone)) return zone;
        result.AddError("--zone must be UTC, an offset such as +01:00, or the name of a time zone such as Europe/Berlin.");
        return null;
    }
}
