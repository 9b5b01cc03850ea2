using RecSys.Core.Domain;
using RecSys.Core.Import.Rows;

namespace RecSys.Core.Import.DataSets;

/// <summary>The columns of an atomic file by the names in front of their kinds.</summary>
internal sealed class RecBoleColumns
{
    private readonly Dictionary<string, (string Column, string Kind)> columns = new(StringComparer.Ordinal);

    /// <exception cref="RecSysException">A column has no kind, or the one of the id is missing.</exception>
    internal RecBoleColumns(string path, IReadOnlyList<string> header, string id)
    {
        foreach (var column in header)
        {
            var colon = column.LastIndexOf(':');
            var kind = colon > 0 ? column[(colon + 1)..] : "";
            if (kind is not ("token" or "token_seq" or "float" or "float_seq"))
                throw new RecSysException($"In {path}, the column {column} has no kind; columns of atomic files are named as in "
                    + $"user_id:token, with token, token_seq, float or float_seq. Nothing was imported.");
            columns[column[..colon]] = (column, kind);
        }
        Require(path, id);
    }

    /// <summary>Names and kinds in the order of the file.</summary>
    internal IEnumerable<(string Name, string Kind)> All => columns.Select(pair => (pair.Key, pair.Value.Kind));

    /// <exception cref="RecSysException">One is missing; the message names all of them.</exception>
    internal void Require(string path, params string[] names)
    {
        var missing = names.Where(name => !columns.ContainsKey(name)).ToList();
        if (missing.Count > 0)
            throw new RecSysException($"{path} has no column {string.Join(", ", missing)} (it has: {string.Join(", ", columns.Keys)}); "
                + $"nothing was imported.");
    }

    internal string? Text(TableRow row, string name) => columns.TryGetValue(name, out var column) ? row.Text(column.Column) : null;

    internal string Required(TableRow row, string name) => Text(row, name) ?? throw new RowException($"{name} is missing");

    internal double? Number(TableRow row, string name) => Text(row, name) is { } text ? FieldText.Number(text, name) : null;

    /// <summary>The values of a sequence; empty when absent.</summary>
    internal string[] List(TableRow row, string name) => Text(row, name)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
}
