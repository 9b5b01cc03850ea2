using RecSys.Core.Import;

namespace RecSys.Api.Commands.Importing;

/// <summary>What <c>import csv --help</c> and its like say of the fields; docs/data.md has it at length.</summary>
internal static class ImportHelp
{
    /// <summary>The fields with their types and units, and an example of three lines.</summary>
    internal static string Fields(RecordFormat format) => $"""

        Events: user_id, item_id, type, time are required; id, value (rating or seconds), amount (money), currency (ISO 4217),
          position (from 0), request_id, session_id, scenario, device, location, meaning, revenue_source may follow. Types: impression,
          click, view, long_view, like, add_to_cart, purchase, rating, dislike, hide, follow.
        Items: id is required; title, category, tags, creator, price, duration_seconds, created_at, thumbnail_url, available, flagged,
          description may follow; other columns become attributes, typed by a name such as size:number.
        Users: id is required; gender, age, location, created_at may follow; other columns become attributes.
        Times are ISO 8601 with a zone, or seconds, milliseconds, microseconds or nanoseconds since 1970, told by their size.
        Names are read in any case and spelling (userId, Timestamp, rating, …); others are named with --column. See docs/data.md.

        Example:
        {Example(format)}
        """;

    private static string Example(RecordFormat format) => format switch
    {
        RecordFormat.Csv => """
              user_id,item_id,type,time,value
              alice,v_42,view,2026-01-31T12:00:00Z,180
              bob,v_7,rating,1769860800000,4
            """,
        RecordFormat.Json => """
              {"user_id": "alice", "item_id": "v_42", "type": "view", "time": "2026-01-31T12:00:00Z", "value": 180}
              {"user_id": 17, "item_id": 7, "type": "click", "time": 1769860800000}
              {"user_id": "bob", "item_id": "v_7", "type": "purchase", "time": 1769860800, "amount": 19.5, "currency": "EUR"}
            """,
        _ => """
              user_id VARCHAR or BIGINT, item_id VARCHAR or BIGINT, type VARCHAR, time TIMESTAMP WITH TIME ZONE or BIGINT, value DOUBLE
              alice  v_42  view    2026-01-31 12:00:00+00  180
              bob    v_7   rating  2026-01-31 13:00:00+00  4
            """,
    };
}
