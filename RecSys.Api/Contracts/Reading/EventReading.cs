using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using RecSys.Core.Domain;
using RecSys.Core.Import.Meaning;
using RecSys.Core.Storage;

namespace RecSys.Api.Contracts.Reading;

/// <summary>One event of <c>POST /events</c> or of a bulk file: read and checked.</summary>
internal sealed class EventReading
{
    /// <summary>Clocks of devices may be ahead by so much.</summary>
    public static readonly TimeSpan Ahead = RecordRules.Ahead;

    private static readonly string[] Meanings = [.. EventNames.Meanings];
    private static readonly string[] Sources = [.. EventNames.RevenueSources.Skip(1)];
    private static readonly string[] Devices = ContextCodes.DeviceNames.Split(", ");

    private EventReading(string? id, Event? e, IReadOnlyList<FieldFault> faults, EventMeaning? understood = null) =>
        (Id, Event, Faults, Understood) = (id, e, faults, understood);

    /// <summary>
    /// The sender's id, or the one that was made; null when the sender's is unusable, and for a faulty event without one.
    /// </summary>
    public string? Id { get; }

    /// <summary>Null when there are faults.</summary>
    public Event? Event { get; }
    public IReadOnlyList<FieldFault> Faults { get; }

    /// <summary>What the event was taken to say where neither its sender nor its type says that; null otherwise.</summary>
    public EventMeaning? Understood { get; }

    /// <summary>What about the event may not be as its sender thinks; null for nothing.</summary>
    public string? Remark { get; private init; }

    /// <summary>The same with the event's meaning by the rules of the data folder.</summary>
    private EventReading JudgedBy(FolderMeaning meaning)
    {
        if (Event is null) return this;
        var judged = meaning.Judge(Event);
        return new EventReading(Id, judged, Faults, Event.Meaning is null ? judged.Meaning : Understood) { Remark = meaning.Remark(Event) };
    }

    /// <summary>Reads an event; words for types and meanings go by the rules of the data folder.</summary>
    /// <inheritdoc cref="Read"/>
    public static EventReading Of(
        JsonElement json, string pointer, DateTimeOffset now, FolderMeaning meaning, Func<string>? newId = null) =>
        Read(json, pointer, now, newId, meaning.TypeOf).JudgedBy(meaning);

    /// <summary>Reads an event.</summary>
    /// <param name="json">The object.</param>
    /// <param name="pointer">Where it stands in the body.</param>
    /// <param name="now">When it was received: its time where it names none, and what "future" refers to.</param>
    /// <param name="newId">Makes its id where it names none; null: a random one.</param>
    /// <param name="words">Knows words for types beyond the usual ones; null: there are none.</param>
    private static EventReading Read(
        JsonElement json, string pointer, DateTimeOffset now, Func<string>? newId, Func<string, MappedType?> words)
    {
        var reader = new JsonObjectReader(json, pointer);
        var isMade = reader.Raw("id").ValueKind == JsonValueKind.Undefined;
        var id = isMade ? (newId ?? NewId)() : reader.Id("id");
        var user = reader.Id("user_id");
        var anonymous = reader.Id("anonymous_id");
        var session = reader.Id("session_id");
        if (reader.IsObject && !reader.HasAny("user_id", "anonymous_id", "session_id"))
            reader.Add("missing", "user_id", "is required where there is no anonymous_id or session_id");
        var subject = user ?? anonymous ?? session;
        var item = reader.Id("item_id", required: true);
        var type = Type(reader, words);
        var time = reader.Time("time") ?? now;
        if (time > now + Ahead) reader.Add("future", "time",
            string.Create(CultureInfo.InvariantCulture,
                $"must not be more than 10 minutes ahead of the server's clock ({now:yyyy-MM-dd'T'HH:mm:ss'Z'})"));
        var stated = reader.Word("meaning", Meanings);
        var meaning = stated is null ? type?.Meaning : (EventMeaning)Array.IndexOf(Meanings, stated);
        var currency = reader.Text("currency");
        if (currency is not null && (currency.Length != 3 || !currency.All(char.IsAsciiLetterUpper)))
            reader.Add("invalid", "currency", "must be three upper-case letters as in ISO 4217, such as EUR");
        var source = reader.Word("revenue_source", Sources);
        var value = reader.Number("value");
        var amount = reader.Number("amount");
        var request = reader.Id("request_id");
        var scenario = reader.Id("scenario");
        var position = reader.Whole("position", 0, 10_000);
        var device = reader.Word("device", Devices);
        var location = reader.Id("location");
        reader.Finish();
        if (reader.Faults.Count > 0 || subject is null || id is null) return new EventReading(isMade ? null : id, null, reader.Faults);
        var e = new Event
        {
            Id = id,
            UserId = subject,
            ItemId = item!,
            Type = type!.Value.Type,
            Time = time,
            Meaning = meaning,
            Value = value,
            Amount = amount,
            Currency = currency,
            RevenueSource = source is null ? RevenueSource.None : (RevenueSource)(1 + Array.IndexOf(Sources, source)),
            RequestId = request,
            SessionId = session,
            Scenario = scenario,
            Position = position,
            Device = device,
            Location = location,
        };
        if (RecordRules.FindProblem(e) is { } problem) reader.AddRule(problem);
        return new EventReading(id, reader.Faults.Count == 0 ? e : null, reader.Faults, stated is null ? meaning : null);
    }

    // The types' own names mean what they say whatever the folder maps: senders rely on them.
    private static MappedType? Type(JsonObjectReader reader, Func<string, MappedType?> words)
    {
        if (reader.Text("type", required: true) is not { } word) return null;
        if (EventTypes.TryParse(word, out var type)) return new MappedType(type);
        if (words(word) is { } mapped) return mapped;
        reader.Add("invalid", "type", $"must be one of {EventTypes.AllNames}, or a word of the map in the data folder's import.json");
        return null;
    }

    private static string NewId() => "evt_" + RandomNumberGenerator.GetHexString(24, lowercase: true);
}
