using RecSys.Core.Domain;
using RecSys.Core.Domain.Columns;

namespace RecSys.Core.Monitoring.Business;

/// <summary>What counts of an event that names a request.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="Item">Number of the item.</param>
/// <param name="Type">What happened.</param>
/// <param name="Meaning">What it says.</param>
/// <param name="TimeMs">When, Unix milliseconds.</param>
/// <param name="Amount">Money; NaN for none.</param>
/// <param name="Currency">ISO 4217; empty where it named none.</param>
/// <param name="Source">Where the money comes from.</param>
internal readonly record struct ListOutcomeEvent(
    string RequestId, int Item, EventType Type, EventMeaning Meaning, long TimeMs, double Amount, string Currency, RevenueSource Source)
{
    /// <summary>An event of the log that names a request; null for an entry that is none.</summary>
    public static ListOutcomeEvent? Of(LogEntry entry)
    {
        if (entry.Change is not EventChange { Event: { RequestId: { } request } e } || entry.Item < 0) return null;
        // Where data have no amount, the value of a purchase is what was paid.
        var amount = e.Amount ?? (e.Type == EventType.Purchase ? e.Value : null);
        return new ListOutcomeEvent(
            request, entry.Item, e.Type, e.Meaning ?? EventTypes.MeaningOf(e.Type), e.Time.ToUnixTimeMilliseconds(), amount ?? double.NaN,
            e.Currency ?? "", e.RevenueSource != RevenueSource.None ? e.RevenueSource : SourceOf(e.Type));
    }

    /// <summary>True for an event that takes an earlier one back.</summary>
    public bool IsUndo => Meaning == EventMeaning.Undo;

    /// <summary>True for an impression that stands.</summary>
    public bool IsImpression => Type == EventType.Impression && !IsUndo;

    /// <summary>What it adds beside impressions, without money.</summary>
    public BusinessTotals Adds
    {
        get
        {
            var sign = IsUndo ? -1 : 1;
            var positive = Meaning == EventMeaning.Positive || (IsUndo && Type.IsPositive());
            var engaged = positive && Type is not (EventType.Click or EventType.View);
            return new BusinessTotals(0, 0, Type == EventType.Click ? sign : 0, engaged ? sign : 0, 0, 0);
        }
    }

    /// <summary>The money, negative for what is given back.</summary>
    public double Revenue => IsUndo ? -Math.Abs(Amount) : Amount;

    public void Write(RecordWriter writer)
    {
        writer.Text(RequestId);
        writer.Varint((uint)Item);
        writer.Byte((byte)Type);
        writer.Byte((byte)Meaning);
        writer.Int64(TimeMs);
        writer.Double(Amount);
        writer.Text(Currency);
        writer.Byte((byte)Source);
    }

    public static ListOutcomeEvent Read(ref RecordReader reader) => new(
        reader.Text(), (int)reader.Varint(), (EventType)reader.Byte(), (EventMeaning)reader.Byte(), reader.Int64(), reader.Double(),
        reader.Text(), (RevenueSource)reader.Byte());

    private static RevenueSource SourceOf(EventType type) => type == EventType.Click ? RevenueSource.AdClick : RevenueSource.Purchase;
}
