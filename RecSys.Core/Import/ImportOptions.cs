using RecSys.Core.Import.Meaning;
using RecSys.Core.Import.Rows;

namespace RecSys.Core.Import;

/// <summary>How an import reads its files and what the rows mean.</summary>
/// <param name="DataFolder">The rejects file goes to <c>imports/</c> in this folder.</param>
public sealed record ImportOptions(string DataFolder)
{
    /// <summary>The largest share of malformed rows of any one file, 0 to 1; above it the import fails as a whole. Default 1 %.</summary>
    public double MaxRejects { get; init; } = 0.01;

    /// <summary>What "later than now" refers to.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Reads everything and stores nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Which column is which field, by field; others are recognised by their names.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>();

    /// <summary>Columns to leave out, in whatever case.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>What separates the columns of a table; null: what its header shows.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Line breaks that one row of a table may have; more stop the import, as a quote that is not closed would. Default
    /// 200.</summary>
    public int MostLineBreaks { get; init; } = TableReader.MostLineBreaks;

    /// <summary>What numbers that are times count.</summary>
    public TimeUnit TimeUnit { get; init; }

    /// <summary>Of times that name no zone; null: they are malformed.</summary>
    public TimeZoneInfo? Zone { get; init; }

    /// <summary>
    /// Reads the id 12.0 as 12, as data frames write whole numbers in columns with gaps; null: as the data folder keeps it, otherwise
    /// false.
    /// </summary>
    public bool? WholeIds { get; init; }

    /// <summary>The type of events of which no field says it; null: they are malformed, unless they are ratings.</summary>
    public string? Type { get; init; }

    /// <summary>Words for types of events beyond the usual ones.</summary>
    public IReadOnlyDictionary<string, MappedType> Types { get; init; } = new Dictionary<string, MappedType>();

    /// <summary>Events that are wishes; none: what their types say, and for ratings the upper part of their scale.</summary>
    public IReadOnlyList<MeaningRule> Positive { get; init; } = [];

    /// <summary>Events that count against; none: what their types say, and for ratings the lower part of their scale.</summary>
    public IReadOnlyList<MeaningRule> Negative { get; init; } = [];

    /// <summary>The rules that the import itself was given, for the data folder to keep; null: none.</summary>
    internal MeaningFile.Content? Given { get; init; }

    /// <summary>What becomes of events without a user.</summary>
    public AnonymousRows Anonymous { get; init; } = AnonymousRows.Skip;
}
