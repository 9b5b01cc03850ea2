using RecSys.Core.Domain;
using RecSys.Core.Domain.Columns;
using RecSys.Core.Monitoring.Windows;

namespace RecSys.Core.Monitoring.Business;

/// <summary>What the lists of one hour brought, whenever it came. Not thread-safe.</summary>
internal sealed class BusinessHour
{
    private static readonly int dimensions = Enum.GetValues<BreakDown>().Length;

    private readonly NamedTotals[] by = [.. Enumerable.Range(0, dimensions).Select(_ => new NamedTotals())];
    private readonly RevenueTotals[] revenue = new RevenueTotals[EventNames.RevenueSources.Count];
    private byte[]? stored;

    public BusinessTotals Totals { get; private set; }

    /// <summary>Money by <see cref="RevenueSource"/>.</summary>
    public ReadOnlySpan<RevenueTotals> Revenue => revenue;

    public NamedTotals By(BreakDown dimension) => by[(int)dimension];

    public void Add(BusinessTotals more)
    {
        Totals += more;
        stored = null;
    }

    public void Add(BreakDown dimension, string name, BusinessTotals more)
    {
        by[(int)dimension].Add(name, more);
        stored = null;
    }

    public void Add(RevenueSource source, RevenueTotals more)
    {
        revenue[(int)source] += more;
        stored = null;
    }

    /// <summary>Adds all of another hour.</summary>
    public void Add(BusinessHour other)
    {
        Add(other.Totals);
        for (var i = 0; i < by.Length; i++) by[i].Add(other.by[i]);
        for (var i = 0; i < revenue.Length; i++) revenue[i] += other.revenue[i];
    }

    /// <summary>Stored form; made anew only when something was added.</summary>
    public byte[] ToBytes(RecordWriter writer)
    {
        if (stored is not null) return stored;
        writer.Clear();
        Totals.Write(writer);
        foreach (var rows in by) rows.Write(writer);
        foreach (var of in revenue)
        {
            writer.Double(of.Revenue);
            writer.Int64(of.Events);
        }
        return stored = writer.Written.ToArray();
    }

    /// <exception cref="InvalidDataException">It is no stored form.</exception>
    public static BusinessHour Of(ReadOnlySpan<byte> bytes) => StoredForm.Read(bytes, static (ref RecordReader reader) =>
    {
        var hour = new BusinessHour { Totals = BusinessTotals.Read(ref reader) };
        foreach (var rows in hour.by) rows.Read(ref reader);
        for (var i = 0; i < hour.revenue.Length; i++) hour.revenue[i] = new RevenueTotals(reader.Double(), reader.Int64());
        return hour;
    });
}
