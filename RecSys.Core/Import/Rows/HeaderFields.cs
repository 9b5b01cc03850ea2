using RecSys.Core.Domain;

namespace RecSys.Core.Import.Rows;

/// <summary>The columns of a table by the fields that they are.</summary>
internal static class HeaderFields
{
    /// <summary>Index of each column that is not left out, by field or by its own name.</summary>
    /// <exception cref="RecSysException">Columns are missing, unknown, or claim the same field; the message names all of them.</exception>
    internal static Dictionary<string, int> Resolve(string path, IReadOnlyList<string> header, ColumnNames names, char? separator)
    {
        var kind = RecordKinds.Name(names.Kind);
        var absent = names.Absent(header).ToList();
        if (absent.Count > 0)
            throw Refused(path, $"has no column for {string.Join(" and ", absent)} (it has: {Shown(header)})");
        var fields = Fields(path, header, names);
        var missing = names.Missing(fields).ToList();
        // Values that are ratings say of what type their rows are.
        if (missing.Contains("type") && Array.IndexOf(fields, "value") is >= 0 and var value && FieldNames.IsRating(header[value]))
            missing.Remove("type");
        if (missing.Count > 0)
        {
            var separated = separator is { } sign ? $", separated by {Delimiter.Name(sign)}" : "";
            var type = missing.Contains("type") ? " If all rows are of one type, give it with --type, such as --type click." : "";
            throw Refused(path, $"has no column {string.Join(", ", missing)} (it has: {Shown(header)}{separated}). Name the columns that "
                + $"are these with --column, such as --column {missing[0]}={header[0]}.{type} The fields of {kind} are "
                    + $"{FieldNames.List(names.Kind)}");
        }
        var unknown = names.Unknown(fields).ToList();
        if (unknown.Count > 0)
            throw Refused(path, $"has a column {string.Join(", ", unknown)}, which {kind} do not have. They have "
                + $"{FieldNames.List(names.Kind)}. Leave columns out with --ignore {string.Join(',', unknown)}, or name the field that one "
                    + $"is with --column");
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < fields.Length; i++)
        {
            if (fields[i] is { } field) columns.Add(field, i);
        }
        return columns;
    }

    internal static string Shown(IReadOnlyList<string> header)
    {
        var found = string.Join(", ", header.Take(20));
        return found.Length > 300 ? found[..300] + "…" : found;
    }

    private static string?[] Fields(string path, IReadOnlyList<string> header, ColumnNames names)
    {
        try
        {
            return names.Resolve(header);
        }
        catch (RowException ambiguous)
        {
            throw Refused(path, $"is ambiguous: {ambiguous.Message}");
        }
    }

    private static RecSysException Refused(string path, string why) => new($"{path} {why}; nothing was imported.");
}
