using RecSys.Core.Domain;

namespace RecSys.Core.Storage.Payloads;

/// <summary>An event as a whole, where it stands outside the log: in the parking place and while an import sorts.</summary>
internal static class EventPayload
{
    private const byte Newest = 1;

    [Flags]
    private enum Has : byte
    {
        Meaning = 1,
        Value = 2,
        Amount = 4,
        Position = 8,
    }

    internal static void Write(PayloadWriter writer, Event e)
    {
        var has = (e.Meaning is null ? 0 : Has.Meaning) | (e.Value is null ? 0 : Has.Value) | (e.Amount is null ? 0 : Has.Amount)
            | (e.Position is null ? 0 : Has.Position);
        writer.Byte(Newest);
        writer.Byte((byte)has);
        writer.Text(e.Id);
        writer.Text(e.UserId);
        writer.Text(e.ItemId);
        writer.Byte((byte)e.Type);
        writer.Signed(e.Time.ToUnixTimeMilliseconds());
        if (e.Meaning is { } meaning) writer.Byte((byte)meaning);
        if (e.Value is { } value) writer.Double(value);
        if (e.Amount is { } amount) writer.Double(amount);
        if (e.Position is { } position) writer.Count(position);
        writer.Byte((byte)e.RevenueSource);
        writer.Text(e.Currency);
        writer.Text(e.RequestId);
        writer.Text(e.SessionId);
        writer.Text(e.Scenario);
        writer.Text(e.Device);
        writer.Text(e.Location);
    }

    internal static Event Read(ReadOnlySpan<byte> bytes, SharedTexts shared)
    {
        var reader = new PayloadReader(bytes);
        reader.Version(Newest);
        var has = (Has)reader.Byte();
        return new Event
        {
            Id = reader.Required(),
            UserId = reader.TryUtf8(out var user) ? shared.Of(user) : "",
            ItemId = reader.TryUtf8(out var item) ? shared.Of(item) : "",
            Type = (EventType)reader.Byte(),
            Time = DateTimeOffset.FromUnixTimeMilliseconds(reader.Signed()),
            Meaning = has.HasFlag(Has.Meaning) ? (EventMeaning)reader.Byte() : null,
            Value = has.HasFlag(Has.Value) ? reader.Double() : null,
            Amount = has.HasFlag(Has.Amount) ? reader.Double() : null,
            Position = has.HasFlag(Has.Position) ? reader.Number() : null,
            RevenueSource = (RevenueSource)reader.Byte(),
            Currency = Shared(ref reader, shared),
            RequestId = reader.Text(),
            SessionId = reader.Text(),
            Scenario = Shared(ref reader, shared),
            Device = Shared(ref reader, shared),
            Location = Shared(ref reader, shared),
        };
    }

    private static string? Shared(ref PayloadReader reader, SharedTexts shared) => reader.TryUtf8(out var text) ? shared.Of(text) : null;
}
