using RecSys.Core.Domain;

namespace RecSys.Core.Import.Rows;

/// <summary>
/// Which column of a file is which field: what the options say first, then the field's own name, then that name in another spelling or a
/// synonym. What is left becomes an attribute of a user or an item, and is an error in events.
/// </summary>
internal sealed class ColumnNames
{
    private readonly RecordKind kind;
    private readonly ImportOptions options;
    private readonly SortedDictionary<string, string> recognised = new(StringComparer.Ordinal);

    internal ColumnNames(RecordKind kind, ImportOptions options)
    {
        this.kind = kind;
        this.options = options;
        foreach (var field in options.Columns.Keys)
        {
            if (FieldNames.Of(kind).Contains(field)) continue;
            throw new RecSysException($"--column {field}=… names no field of {RecordKinds.Name(kind)}. They have {FieldNames.List(kind)}.");
        }
    }

    internal RecordKind Kind => kind;

    /// <summary>The field that stands in for a missing user; null for none.</summary>
    internal string? SessionField { get; private set; }

    /// <summary>Columns that were taken for fields of another name, such as "UserId as user_id"; null when there were none.</summary>
    internal string? Recognised => recognised.Count == 0
        ? null : string.Join(", ", recognised.Select(pair => $"{pair.Key} as {pair.Value}"));

    /// <summary>
    /// The names by which the columns go, in their order; null for one that is left out.
    /// </summary>
    /// <param name="columns">The names in the file; all differ.</param>
    /// <exception cref="RowException">Two columns stand for one field, or the options name one that is not there.</exception>
    internal string?[] Resolve(IReadOnlyList<string> columns)
    {
        var names = new string?[columns.Count];
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (field, column) in options.Columns)
        {
            if (IndexOf(columns, column) is >= 0 and var at && taken.Add(field)) names[at] = field;
        }
        for (var i = 0; i < names.Length; i++)
        {
            if (names[i] is null && FieldNames.Of(kind).Contains(columns[i]) && !IsIgnored(columns[i]) && taken.Add(columns[i]))
                names[i] = columns[i];
        }
        for (var i = 0; i < names.Length; i++)
        {
            if (names[i] is not null || IsIgnored(columns[i])) continue;
            names[i] = Similar(columns, names, taken, i);
        }
        if (options.Anonymous.Column is { } session && IndexOf(columns, session) is >= 0 and var place) SessionField = names[place];
        return names;
    }

    /// <summary>Options that name a column which the file lacks.</summary>
    internal IEnumerable<string> Absent(IReadOnlyList<string> columns)
    {
        foreach (var (field, column) in options.Columns)
        {
            if (IndexOf(columns, column) < 0) yield return $"--column {field}={column}";
        }
        if (options.Anonymous.Column is { } session && IndexOf(columns, session) < 0) yield return $"--anonymous session:{session}";
    }

    /// <summary>Names that no field of an event goes by. Users and items take such columns as attributes.</summary>
    internal IEnumerable<string> Unknown(IEnumerable<string?> names) => kind != RecordKind.Events
        ? [] : names.OfType<string>().Where(name => !FieldNames.Of(kind).Contains(name) && name != SessionField);

    /// <summary>Fields without which no row is complete and which none of the names is.</summary>
    internal IEnumerable<string> Missing(IReadOnlyCollection<string?> names)
    {
        string[] required = kind switch
        {
            RecordKind.Users or RecordKind.Items => ["id"],
            _ => ["user_id", "item_id", "type", "time"],
        };
        return required.Where(field => !names.Contains(field)
            && !(field == "type" && options.Type is not null) && !(field == "user_id" && SessionField is not null));
    }

    private string? Similar(IReadOnlyList<string> columns, string?[] names, HashSet<string> taken, int i)
    {
        var column = columns[i];
        if (FieldNames.Find(kind, column) is not { } field) return column;
        if (taken.Add(field))
        {
            if (recognised.Count < 100) recognised[column] = field;
            return field;
        }
        var other = Array.IndexOf(names, field);
        // The field's own name has the better claim; beside it the other column is what it was.
        if (string.Equals(columns[other], field, StringComparison.Ordinal) || options.Columns.ContainsKey(field)) return column;
        throw new RowException($"{columns[other]} and {column} may both be {field}; say which with --column {field}={columns[other]}");
    }

    private bool IsIgnored(string column) =>
        options.Ignored.Contains(column, StringComparer.OrdinalIgnoreCase);

    private static int IndexOf(IReadOnlyList<string> columns, string column)
    {
        var similar = -1;
        for (var i = 0; i < columns.Count; i++)
        {
            if (string.Equals(columns[i], column, StringComparison.Ordinal)) return i;
            if (string.Equals(columns[i], column, StringComparison.OrdinalIgnoreCase)) similar = i;
        }
        return similar;
    }
}
