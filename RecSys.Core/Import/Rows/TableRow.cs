using System.Globalization;

namespace RecSys.Core.Import.Rows;

/// <summary>One row of a table; fields go by the names of the header, an empty field is absent.</summary>
internal sealed class TableRow(IReadOnlyDictionary<string, int> columns, string[] fields)
{
    internal IEnumerable<string> Columns => columns.Keys;

    internal string? Text(string name) => columns.TryGetValue(name, out var at) && fields[at] is { Length: > 0 } text ? text : null;

    internal string Required(string name) => Text(name) ?? throw new RowException($"{name} is missing");

    internal double? Number(string name) => Text(name) is { } text ? FieldText.Number(text, name) : null;

    /// <summary>A required whole number of 0 or more.</summary>
    internal long Count(string name) =>
        long.TryParse(Required(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : throw new RowException($"{name} is not a whole number");

    /// <summary>A required 0 or 1.</summary>
    internal bool Bit(string name) => Required(name) switch
    {
        "0" => false,
        "1" => true,
        _ => throw new RowException($"{name} is neither 0 nor 1"),
    };

    /// <summary>A required value in the form in which the set holds it, so that all rows share one string.</summary>
    internal string Known(string name, HashSet<string> known, string where) =>
        known.TryGetValue(Required(name), out var id) ? id : throw new RowException($"the {name} is not in {where}");
}
