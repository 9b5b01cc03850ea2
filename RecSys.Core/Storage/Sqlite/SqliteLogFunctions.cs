using Microsoft.Data.Sqlite;
using RecSys.Core.Domain;
using RecSys.Core.Storage.Payloads;

namespace RecSys.Core.Storage.Sqlite;

/// <summary>Functions for migrations that turn rows of older schemas into the stored forms of this program.</summary>
internal static class SqliteLogFunctions
{
    /// <param name="connection">Gets the functions for as long as it is open.</param>
    /// <param name="clock">Gives <c>recsys_now()</c>, Unix milliseconds, the same for a whole migration.</param>
    internal static void Register(SqliteConnection connection, TimeProvider clock)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        connection.CreateFunction("recsys_now", () => now);
        connection.CreateFunction("recsys_item_payload", arguments => Written(writer => ItemPayload.Write(writer, new Item
        {
            Id = "",
            Title = (string)arguments[0]!,
            Category = (string)arguments[1]!,
            Tags = SqliteJson.ToList(arguments[2] as string),
            Creator = arguments[3] as string,
            Price = arguments[4] as double?,
            DurationSeconds = arguments[5] as double?,
            CreatedAt = Time(arguments[6]),
            ThumbnailUrl = arguments[7] as string,
            Available = (long)arguments[8]! != 0,
            Flagged = (long)arguments[9]! != 0,
            Description = arguments[10] as string,
            Attributes = Map<AttributeValue>(arguments[11]),
        })));
        connection.CreateFunction("recsys_user_payload", arguments => Written(writer => UserPayload.Write(writer, new User
        {
            Id = "",
            Gender = arguments[0] as string,
            Age = (int?)(arguments[1] as long?),
            Location = arguments[2] as string,
            CreatedAt = Time(arguments[3]),
            Attributes = Map<string>(arguments[4]),
        })));
        connection.CreateFunction("recsys_event_payload", arguments => Written(writer => EventPayload.Write(writer, new Event
        {
            Id = (string)arguments[0]!,
            UserId = (string)arguments[1]!,
            ItemId = (string)arguments[2]!,
            Type = (EventType)(long)arguments[3]!,
            Time = Time(arguments[4])!.Value,
            Value = arguments[5] as double?,
            Position = (int?)(arguments[6] as long?),
            RequestId = arguments[7] as string,
            Device = arguments[8] as string,
            Location = arguments[9] as string,
        })));
    }

    private static byte[] Written(Action<PayloadWriter> write)
    {
        var writer = new PayloadWriter();
        write(writer);
        return writer.Written.ToArray();
    }

    private static DateTimeOffset? Time(object? ms) => ms is long value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;

    private static Dictionary<string, T> Map<T>(object? json) => json is string text ? SqliteJson.To<Dictionary<string, T>>(text) : [];
}
