using System.Globalization;
using RecSys.Core.Domain;

namespace RecSys.Core.Storage;

/// <summary>
/// What may be stored. Ingestion and imports ask first and answer for one record; the stores refuse the whole batch.
/// A problem names the field and the rule, never the value.
/// </summary>
public static class RecordRules
{
    /// <summary>Longest id, attribute name, device and location in characters.</summary>
    public const int MaxIdLength = 256;

    /// <summary>Most attributes of an item.</summary>
    public const int MaxAttributes = 256;

    /// <summary>Most texts in an attribute that is a list.</summary>
    public const int MaxListLength = 256;

    /// <summary>Longest written form of a merchandising rule in characters.</summary>
    public const int MaxRuleLength = 32_768;

    /// <summary>Largest value and amount of an event, either way: what is added up stays a number, however many there are.</summary>
    public const double MaxSum = 1e15;

    /// <summary>Events may be so much ahead of the clock of whoever takes them: those of devices are.</summary>
    public static TimeSpan Ahead { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Earliest time of an event: 1970.</summary>
    public static DateTimeOffset EarliestEvent { get; } = DateTimeOffset.UnixEpoch;

    /// <summary>Earliest time at which an item or a user may have come into being: 1800.</summary>
    public static DateTimeOffset EarliestCreation { get; } = new(1800, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>All times are before this: 2200.</summary>
    public static DateTimeOffset End { get; } = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What keeps the change from being stored, or null.</summary>
    public static string? FindProblem(LogChange change) => change switch
    {
        EventChange e => FindProblem(e.Event),
        ItemPut put => FindProblem(put.Item),
        ItemRemoval removal => Id("item_id", removal.ItemId),
        UserPut put => FindProblem(put.User),
        UserMerge merge => Id("from", merge.From) ?? Id("into", merge.Into)
            ?? (string.Equals(merge.From, merge.Into, StringComparison.Ordinal) ? "from and into are the same user" : null),
        UserErasure erasure => Id("user_id", erasure.UserId),
        ListShown shown => Id("request_id", shown.RequestId) ?? Id("user_id", shown.UserId) ?? When("served_at", shown.ServedAt)
            ?? (shown.Items.Any(item => item < 0) ? "an item's number is negative" : null),
        PolicyPut policy => Id("hash", policy.Hash) ?? Text("json", policy.Json),
        RuleChange rule => Id("rule_id", rule.RuleId) ?? Text("json", rule.Json) ?? Short("by", rule.By)
            ?? (rule.Json?.Length > MaxRuleLength ? $"json is longer than {MaxRuleLength} characters" : null),
        _ => throw new ArgumentException($"A {change.GetType().Name} has no rules."),
    };

    /// <summary>What keeps the user from being stored, or null.</summary>
    public static string? FindProblem(User user) =>
        Id("id", user.Id) ?? Short("gender", user.Gender) ?? Short("location", user.Location)
        ?? Creation(user.CreatedAt) ?? Attributes(user.Attributes)
        ?? (user.Age is < 0 or > 200 ? "age is not between 0 and 200" : null);

    /// <summary>What keeps the item from being stored, or null.</summary>
    public static string? FindProblem(Item item) =>
        Id("id", item.Id) ?? Text("title", item.Title) ?? Text("category", item.Category) ?? Tags(item.Tags)
        ?? Text("creator", item.Creator) ?? Text("thumbnail_url", item.ThumbnailUrl) ?? Text("description", item.Description)
        ?? Finite("price", item.Price) ?? Finite("duration_seconds", item.DurationSeconds)
        ?? Creation(item.CreatedAt) ?? Attributes(item.Attributes);

    /// <summary>What keeps the event from being stored, or null.</summary>
    public static string? FindProblem(Event e)
    {
        if ((Id("id", e.Id) ?? Id("user_id", e.UserId) ?? Id("item_id", e.ItemId)) is { } problem) return problem;
        if ((int)e.Type >= EventTypes.Count) return "type is unknown";
        if (e.Meaning > EventMeaning.Undo) return "meaning is unknown";
        if (e.RevenueSource > RevenueSource.Affiliate) return "revenue_source is unknown";
        if (e.Position < 0) return "position is negative";
        return When("time", e.Time) ?? Sum("value", e.Value) ?? Sum("amount", e.Amount) ?? Currency(e.Currency)
            ?? (e.RequestId is null ? null : Id("request_id", e.RequestId)) ?? (e.SessionId is null ? null : Id("session_id", e.SessionId))
            ?? Short("scenario", e.Scenario) ?? Short("device", e.Device) ?? Short("location", e.Location);
    }

    /// <summary>What keeps the record from being stored, or null.</summary>
    public static string? FindProblem(ServedRecord record)
    {
        var (experiment, variant, model, policy) = record.Assignment;
        return Id("request_id", record.RequestId) ?? Id("user_id", record.UserId) ?? When("time", record.Time)
            ?? When("feature_time", record.FeatureTime)
            ?? Text("experiment", experiment) ?? Text("variant", variant) ?? Text("model_version", model) ?? Text("policy", policy)
            ?? Short("scenario", record.Scenario) ?? Short("device", record.Device) ?? Short("location", record.Location)
            ?? Tags(record.Degraded) ?? Text("not_personal", record.NotPersonal) ?? Text("catalogue_hash", record.CatalogueHash)
            ?? Text("rules_hash", record.RulesHash)
            ?? (record.Items.Any(item => item.Item < 0) ? "an item's number is negative" : null) ?? Pools(record.Items);
    }

    private static string? Pools(IReadOnlyList<ServedItem> items)
    {
        var kept = 0;
        foreach (var item in items)
        {
            if (item.Pool is not { } pool) continue;
            kept += pool.Count;
            if (kept > ServedItem.MostInPools) return $"its pools have more than {ServedItem.MostInPools} items";
            if (!pool.Contains(item.Item) || pool[0] < 0 || pool.Zip(pool.Skip(1)).Any(pair => pair.First >= pair.Second))
                return "a pool does not rise, or lacks the item that was drawn from it";
        }
        return null;
    }

    /// <summary>What keeps text from being used as an id, or null: 1 to 256 characters, no control characters, well-formed.</summary>
    public static string? Id(string field, string? id)
    {
        if (string.IsNullOrEmpty(id)) return $"{field} is missing or empty";
        if (id.Length > MaxIdLength) return $"{field} is longer than {MaxIdLength} characters";
        var text = id.AsSpan();
        if (text.ContainsAnyInRange('\0', '\u001f') || text.ContainsAnyInRange('\u007f', '\u009f'))
            return $"{field} has a control character";
        return Text(field, id);
    }

    /// <summary>
    /// What keeps text from being stored, or null: NUL characters and halves of surrogate pairs, which no database takes.
    /// </summary>
    public static string? Text(string field, string? value)
    {
        if (value is null) return null;
        var text = value.AsSpan();
        if (text.Contains('\0')) return $"{field} has a NUL character";
        for (var at = text.IndexOfAnyInRange('\uD800', '\uDFFF'); at >= 0 && at < text.Length; at++)
        {
            if (!char.IsSurrogate(text[at])) continue;
            if (at + 1 == text.Length || !char.IsSurrogatePair(text[at], text[at + 1])) return $"{field} has half of a surrogate pair";
            at++;
        }
        return null;
    }

    private static string? Short(string field, string? value) =>
        value?.Length > MaxIdLength ? $"{field} is longer than {MaxIdLength} characters" : Text(field, value);

    private static string? Finite(string field, double? value) =>
        value is { } number && !double.IsFinite(number) ? $"{field} is not a finite number" : null;

    private static string? Sum(string field, double? value) => Finite(field, value) ?? (Math.Abs(value ?? 0) > MaxSum
        ? string.Create(CultureInfo.InvariantCulture, $"{field} is not between {-MaxSum} and {MaxSum}") : null);

    private static string? When(string field, DateTimeOffset time) =>
        time < EarliestEvent || time >= End ? $"{field} is not between the years 1970 and 2199" : null;

    private static string? Currency(string? code)
    {
        if (code is null) return null;
        return code.Length == 3 && code.All(char.IsAsciiLetterUpper) ? null : "currency is not a code of three upper-case letters";
    }

    private static string? Creation(DateTimeOffset? time) =>
        time < EarliestCreation || time >= End ? "created_at is not between the years 1800 and 2199" : null;

    private static string? Tags(IReadOnlyList<string> tags)
    {
        foreach (var tag in tags)
        {
            if (Text("tags", tag) is { } problem) return problem;
        }
        return null;
    }

    private static string? Attributes(IReadOnlyDictionary<string, string> attributes)
    {
        foreach (var (name, value) in attributes)
        {
            if ((Id("an attribute's name", name) ?? Text("an attribute", value)) is { } problem) return problem;
        }
        return null;
    }

    private static string? Attributes(IReadOnlyDictionary<string, AttributeValue> attributes)
    {
        if (attributes.Count > MaxAttributes) return $"there are more than {MaxAttributes} attributes";
        foreach (var (name, value) in attributes)
        {
            if ((Id("an attribute's name", name) ?? Attribute(value)) is { } problem) return problem;
        }
        return null;
    }

    private static string? Attribute(AttributeValue value)
    {
        switch (value.Kind)
        {
            case AttributeKind.Number:
                return Finite("an attribute", value.Number);
            case AttributeKind.Time:
                return value.Time < EarliestCreation || value.Time >= End
                    ? "an attribute is a time that is not between the years 1800 and 2199" : null;
            case AttributeKind.List when value.Texts.Count > MaxListLength:
                return $"an attribute is a list of more than {MaxListLength} texts";
        }
        foreach (var text in value.Texts)
        {
            if (Text("an attribute", text) is { } problem) return problem;
        }
        return null;
    }
}
