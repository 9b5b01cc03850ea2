using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Lake;

/// <summary>Events as rows of <see cref="LakeSchema.Events"/> and back, losslessly.</summary>
internal static class EventRows
{
    /// <param name="row">A new row.</param>
    /// <param name="entry">With what the resolver recorded.</param>
    /// <param name="e">The entry's event.</param>
    internal static void Write(LakeRow row, LogEntry entry, Event e)
    {
        var contribution = entry.Contribution
            ?? throw new ArgumentException($"Entry {entry.Position} has no recorded contribution.", nameof(entry));
        row.Int64(entry.Position);
        row.Int64(entry.ReceivedMs);
        row.Int64(e.Time.ToUnixTimeMilliseconds());
        row.Text(e.Id);
        row.Text(e.UserId.Length == 0 ? null : e.UserId);
        row.Int32(entry.Item);
        row.Text(e.ItemId);
        row.Text(e.Type.ToName());
        row.Text(e.Meaning?.ToName());
        row.Double(e.Value);
        row.Double(e.Amount);
        row.Text(e.Currency);
        row.Text(e.RevenueSource.ToName());
        row.Int32(e.Position);
        row.Text(e.RequestId);
        row.Text(e.SessionId);
        row.Text(e.Scenario);
        row.Text(e.Device);
        row.Text(e.Location);
        row.Byte((byte)contribution.Play);
        row.Single(contribution.UserClicks);
        row.Single(contribution.UserLongViews);
        row.Single(contribution.ItemClicks);
        row.Single(contribution.ItemLongViews);
    }

    /// <summary>The entry of the reader's row.</summary>
    internal static LogEntry Read(LakeRows rows)
    {
        var e = new Event
        {
            Time = DateTimeOffset.FromUnixTimeMilliseconds(rows.Int64(2)),
            Id = rows.Text(3) ?? "",
            UserId = rows.Text(4) ?? "",
            ItemId = rows.Text(6) ?? "",
            Type = LakeNames.Type(rows.Required(7)),
            Meaning = rows.Text(8) is { } meaning ? LakeNames.Meaning(meaning) : null,
            Value = rows.MaybeDouble(9),
            Amount = rows.MaybeDouble(10),
            Currency = rows.Text(11),
            RevenueSource = LakeNames.Source(rows.Required(12)),
            Position = rows.MaybeInt32(13),
            RequestId = rows.Text(14),
            SessionId = rows.Text(15),
            Scenario = rows.Text(16),
            Device = rows.Text(17),
            Location = rows.Text(18),
        };
        return new LogEntry(rows.Int64(0), rows.Int64(1), rows.Int32(5), new EventChange(e))
        {
            Contribution = new Contribution((PlayKind)rows.Byte(19), rows.Single(20), rows.Single(21), rows.Single(22), rows.Single(23)),
        };
    }
}
