using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Tests.Storage;

/// <summary>Records for tests, and generators of any record that may be stored.</summary>
internal static class Sample
{
    internal static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    // Text that breaks naive escaping or encoding, and plain text.
    internal static readonly Gen<string> Text = Gen.Char["ab zZ09'\"\\,;|\t\n%_:äß漢\u00a0{}[]"].Array[1, 12]
        .Select(chars => new string(chars));
    internal static readonly Gen<string> Id = Gen.Char["abzZ09'\"\\,;%_:äß漢"].Array[1, 12].Select(chars => new string(chars));
    internal static readonly Gen<DateTimeOffset> Time = Gen.Long[0, 4_000_000_000_000].Select(DateTimeOffset.FromUnixTimeMilliseconds);
    internal static readonly Gen<double> Number =
        Gen.OneOf(Gen.Double[-1e9, 1e9], Gen.Const(0.0), Gen.Const(double.Epsilon), Gen.Const(RecordRules.MaxSum));
    internal static readonly Gen<Dictionary<string, string>> Attributes = Gen.Dictionary(Id, Text)[0, 3];

    internal static readonly Gen<AttributeValue> Attribute = Gen.OneOf(
        Text.Select(AttributeValue.Of), Number.Select(AttributeValue.Of), Gen.Bool.Select(AttributeValue.Of),
        Time.Select(AttributeValue.Of),
        Text.Array[1, 3].Select(AttributeValue.Of));

    internal static readonly Gen<User> AnyUser =
        from id in Id
        from gender in Maybe(Text)
        from age in Gen.Int[0, 200].Nullable()
        from location in Maybe(Text)
        from created in Time.Nullable()
        from attributes in Attributes
        select new User { Id = id, Gender = gender, Age = age, Location = location, CreatedAt = created, Attributes = attributes };

    internal static readonly Gen<Item> AnyItem =
        from texts in Gen.Select(Id, Text, Text, Maybe(Text), Maybe(Text), Maybe(Text))
        from tags in Text.Array[0, 3]
        from numbers in Gen.Select(Number.Nullable(), Number.Nullable(), Time.Nullable())
        from flags in Gen.Select(Gen.Bool, Gen.Bool)
        from attributes in Gen.Dictionary(Id, Attribute)[0, 3]
        select new Item
        {
            Id = texts.Item1,
            Title = texts.Item2,
            Category = texts.Item3,
            Creator = texts.Item4,
            ThumbnailUrl = texts.Item5,
            Description = texts.Item6,
            Tags = tags,
            Price = numbers.Item1,
            DurationSeconds = numbers.Item2,
            CreatedAt = numbers.Item3,
            Available = flags.Item1,
            Flagged = flags.Item2,
            Attributes = attributes,
        };

    internal static readonly Gen<Event> AnyEvent =
        from ids in Gen.Select(Id, Id, Id, Maybe(Id))
        from type in Gen.Int[0, EventTypes.Count - 1]
        from time in Time
        from value in Number.Nullable()
        from position in Gen.Int[0, int.MaxValue].Nullable()
        from context in Gen.Select(Maybe(Text), Maybe(Text), Maybe(Text), Maybe(Id))
        from meaning in Gen.Int[0, 3].Nullable()
        from money in Gen.Select(Number.Nullable(), Gen.OneOf(Gen.Const((string?)null), Gen.Const((string?)"EUR")), Gen.Int[0, 4])
        select new Event
        {
            Id = ids.Item1,
            UserId = ids.Item2,
            ItemId = ids.Item3,
            RequestId = ids.Item4,
            Type = (EventType)type,
            Time = time,
            Value = value,
            Position = position,
            Device = context.Item1,
            Location = context.Item2,
            Scenario = context.Item3,
            SessionId = context.Item4,
            Meaning = (EventMeaning?)(byte?)meaning,
            Amount = money.Item1,
            Currency = money.Item2,
            RevenueSource = (RevenueSource)money.Item3,
        };

    internal static User User(string id) => new() { Id = id };

    internal static Item Item(string id) => new() { Id = id, Title = $"Title of {id}", Category = "news" };

    internal static Event Event(string id, DateTimeOffset? time = null, string user = "u", string item = "i",
        EventType type = EventType.Click) =>
        new() { Id = id, UserId = user, ItemId = item, Type = type, Time = time ?? Noon };

    /// <summary>Equality that looks into lists and maps, which record equality does not.</summary>
    internal static void AssertSame(User expected, User? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.Attributes.OrderBy(pair => pair.Key, StringComparer.Ordinal),
            actual.Attributes.OrderBy(pair => pair.Key, StringComparer.Ordinal));
        Assert.Equal(expected, actual with { Attributes = expected.Attributes });
    }

    /// <inheritdoc cref="AssertSame(Core.Domain.User, Core.Domain.User?)"/>
    internal static void AssertSame(Item expected, Item? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.Tags, actual.Tags);
        Assert.Equal(expected.Attributes.OrderBy(pair => pair.Key, StringComparer.Ordinal),
            actual.Attributes.OrderBy(pair => pair.Key, StringComparer.Ordinal));
        Assert.Equal(expected, actual with { Attributes = expected.Attributes, Tags = expected.Tags });
    }

    /// <summary>Equality of entries that looks into lists and maps.</summary>
    internal static void AssertSame(IReadOnlyList<LogEntry> expected, IReadOnlyList<LogEntry> actual) =>
        Assert.Equal(expected.Select(AsText), actual.Select(AsText));

    /// <summary>Puts items, so that events on them need not wait.</summary>
    internal static Task<LogAppend> KnowAsync(this IStoreBackend store, params IEnumerable<string> items) =>
        store.EventLog.AppendAsync([.. items.Distinct().Select(id => new ItemPut(Item(id)))]);

    /// <summary>Appends events as history, of any time.</summary>
    internal static Task<LogAppend> ImportAsync(this IStoreBackend store, params IEnumerable<Event> events) =>
        store.Import.ImportAsync([.. events.Select(e => new EventChange(e))]);

    /// <summary>All entries behind a position.</summary>
    internal static async Task<List<LogEntry>> EntriesAsync(this IStoreBackend store, long after = 0) =>
        await store.EventLog.ReadAfterAsync(after).ToListAsync();

    private static string AsText(LogEntry entry)
    {
        LogChange change = entry.Change switch
        {
            ItemPut put =>
                new ItemPut(put.Item with { Attributes =
                new SortedDictionary<string, AttributeValue>(put.Item.Attributes.ToDictionary(), StringComparer.Ordinal) }),
            UserPut put =>
                new UserPut(put.User with { Attributes =
                new SortedDictionary<string, string>(put.User.Attributes.ToDictionary(), StringComparer.Ordinal) }),
            var other => other,
        };
        return $"{entry.Position} {entry.ReceivedMs} {entry.Item} {entry.Contribution} {change.GetType().Name} {System.Text.Json.JsonSerializer.Serialize<object>(change)}";
    }

    private static Gen<string?> Maybe(Gen<string> text) => Gen.OneOf(Gen.Const((string?)null), text.Select(value => (string?)value));
}
