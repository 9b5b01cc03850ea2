using Microsoft.Data.Sqlite;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Payloads;

namespace RecSys.Core.Storage.Sqlite;

/// <summary>Reads entries from the table <c>log</c>.</summary>
internal sealed class SqliteLogRows : IDisposable
{
    // Ids of users, devices and places repeat within a page of entries.
    private readonly SharedTexts shared;
    private readonly SqliteStatement select;
    private readonly long resolved;

    /// <param name="connection">Open for as long as the rows are read; give it a transaction, so that <paramref name="resolved"/> stays
    /// true.</param>
    /// <param name="where">Condition and order on <c>log</c>, the table of entries.</param>
    /// <param name="resolved">Events up to here without a stored contribution contribute nothing.</param>
    /// <param name="shared">Texts known from earlier readings.</param>
    internal SqliteLogRows(SqliteConnection connection, string where, long resolved, SharedTexts shared)
    {
        this.shared = shared;
        this.resolved = resolved;
        select = new SqliteStatement(connection, $"""
            SELECT log.position, log.kind, log.received_ms, log.item, items.id, log.user_id, log.event_id, log.type, log.happened_ms,
                log.meaning, log.value, log.amount, log.currency, log.revenue_source, log.place,
                log.request_id, log.session_id, log.scenario, log.device, log.location, log.payload,
                c.play, c.user_clicks, c.user_long_views, c.item_clicks, c.item_long_views
            FROM log LEFT JOIN items ON items.number = log.item LEFT JOIN contributions c ON c.position = log.position {where}
            """);
    }

    internal SqliteStatement Parameters => select;

    /// <summary>The next entry, or null behind the last.</summary>
    internal LogEntry? Next()
    {
        if (!select.Step()) return null;
        var position = select.Int64(0);
        var kind = (LogKind)select.Int64(1);
        LogChange change = kind switch
        {
            LogKind.Event => new EventChange(Event()),
            LogKind.ItemPut => new ItemPut(ItemPayload.Read(ItemId(), select.Utf8(20), shared)),
            LogKind.ItemRemoval => new ItemRemoval(ItemId()),
            LogKind.UserPut =>
                new UserPut(select.IsNull(20) ? new User { Id = Subject() } : UserPayload.Read(Subject(), select.Utf8(20), shared)),
            LogKind.UserMerge => new UserMerge(Subject(), select.Text(20) ?? ""),
            LogKind.UserErasure => new UserErasure(Subject()),
            LogKind.ListShown => new ListShown(select.Text(15) ?? "", Subject(), ListShownPayload.Read(select.Utf8(20)), Time()),
            LogKind.PolicyPut => Policy(),
            LogKind.RuleChange => RulePayload.Read(select.Utf8(20)),
            _ => throw new RecSysException($"Entry {position} of the log is of kind {(int)kind}, which this version of RecSys does "
                + "not know. Use the version that wrote it."),
        };
        return new LogEntry(position, select.Int64(2), select.IsNull(3)
            ? -1 : (int)select.Int64(3), change) { Contribution = Contribution(kind, position) };
    }

    public void Dispose() => select.Dispose();

    private Event Event() => new()
    {
        Id = select.Text(6) ?? "",
        UserId = Subject(),
        ItemId = ItemId(),
        Type = (EventType)select.Int64(7),
        Time = Time(),
        Meaning = (EventMeaning?)select.MaybeInt64(9),
        Value = select.MaybeDouble(10),
        Amount = select.MaybeDouble(11),
        Currency = Shared(12),
        RevenueSource = (RevenueSource)select.Int64(13),
        Position = (int?)select.MaybeInt64(14),
        RequestId = select.Text(15),
        SessionId = select.Text(16),
        Scenario = Shared(17),
        Device = Shared(18),
        Location = Shared(19),
    };

    private PolicyPut Policy()
    {
        var reader = new PayloadReader(select.Utf8(20));
        return new PolicyPut(reader.Required(), reader.Required());
    }

    private Contribution? Contribution(LogKind kind, long position)
    {
        if (kind != LogKind.Event || position > resolved) return null;
        if (select.IsNull(21)) return Domain.Contribution.None;
        return new Contribution((PlayKind)select.Int64(21), (float)select.Double(22), (float)select.Double(23), (float)select.Double(24),
            (float)select.Double(25));
    }

    private DateTimeOffset Time() => DateTimeOffset.FromUnixTimeMilliseconds(select.Int64(8));

    private string ItemId() =>
        Shared(4) ?? throw new RecSysException(
        $"Entry {select.Int64(0)} of the log names an item that does not exist, so the database is damaged. Restore it from a backup.");

    /// <summary>The user; empty after an erasure.</summary>
    private string Subject() => Shared(5) ?? "";

    private string? Shared(int column) => select.IsNull(column) ? null : shared.Of(select.Utf8(column));
}
