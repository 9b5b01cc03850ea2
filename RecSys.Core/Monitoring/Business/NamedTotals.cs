using System.Runtime.InteropServices;
using RecSys.Core.Domain.Columns;

namespace RecSys.Core.Monitoring.Business;

/// <summary>
/// Totals by name, of at most so many names: what comes after them is added up under <see cref="Other"/>. A name that has a row keeps it,
/// so what belongs together stays together. Not thread-safe.
/// </summary>
internal sealed class NamedTotals
{
    /// <summary>Most names beside <see cref="Other"/>.</summary>
    public const int Most = 40;

    /// <summary>Takes what has no row of its own.</summary>
    public const string Other = "other";

    private readonly Dictionary<string, BusinessTotals> rows = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, BusinessTotals> Rows => rows;

    public void Add(string name, BusinessTotals more)
    {
        if (!rows.ContainsKey(name) && rows.Count - (rows.ContainsKey(Other) ? 1 : 0) >= Most) name = Other;
        CollectionsMarshal.GetValueRefOrAddDefault(rows, name, out _) += more;
    }

    public void Add(NamedTotals others)
    {
        // The largest first: they are the ones that keep a row where there is no room for all.
        foreach (var (name, totals) in others.rows.OrderByDescending(row => row.Value.Requests)) Add(name, totals);
    }

    public void Write(RecordWriter writer)
    {
        writer.Varint((uint)rows.Count);
        foreach (var (name, totals) in rows)
        {
            writer.Text(name);
            totals.Write(writer);
        }
    }

    public void Read(ref RecordReader reader)
    {
        for (var left = reader.Varint(); left > 0; left--) rows[reader.Text()] = BusinessTotals.Read(ref reader);
    }
}
