using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using RecSys.Core.Domain;

namespace RecSys.Api.Contracts.Reading;

/// <summary>
/// Takes the fields of one JSON object, strictly: each as its own kind of value, nothing converted, unknown names refused. Every fault is
/// kept, with a pointer to its place.
/// </summary>
internal sealed partial class JsonObjectReader
{
    private readonly JsonElement json;
    private readonly string pointer;
    private readonly List<FieldFault> faults = [];
    private readonly List<string> asked = [];

    /// <param name="json">The object, in a text that <see cref="Hosting.Requests.JsonText"/> has nothing against.</param>
    /// <param name="pointer">Where it stands in the body; empty for the body itself.</param>
    public JsonObjectReader(JsonElement json, string pointer)
    {
        (this.json, this.pointer) = (json, pointer);
        if (json.ValueKind != JsonValueKind.Object) faults.Add(new FieldFault("wrong_type", pointer, "must be an object"));
    }

    /// <summary>All faults so far.</summary>
    public IReadOnlyList<FieldFault> Faults => faults;

    public bool IsObject => json.ValueKind == JsonValueKind.Object;

    /// <summary>True when one of the fields is there and not null.</summary>
    public bool HasAny(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (IsObject && json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null) return true;
        }
        return false;
    }

    /// <summary>An id by the rules of <see cref="Identifiers"/>; null when it is missing or wrong.</summary>
    public string? Id(string name, bool required = false)
    {
        if (Text(name, required) is not { } text) return null;
        if (Identifiers.FaultOfNew(text) is not { } fault) return text;
        Add("invalid", name, fault);
        return null;
    }

    public string? Text(string name, bool required = false)
    {
        if (Find(name, required) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.String) return Wrong<string>(name, "must be a string");
        return value.GetString();
    }

    /// <summary>One of a fixed set of words.</summary>
    public string? Word(string name, IReadOnlyList<string> allowed, bool required = false)
    {
        if (Text(name, required) is not { } text) return null;
        if (allowed.Contains(text, StringComparer.Ordinal)) return text;
        Add("invalid", name, $"must be one of {string.Join(", ", allowed)}");
        return null;
    }

    public double? Number(string name, double least = double.MinValue)
    {
        if (Find(name, required: false) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Number) return WrongValue<double>(name, "must be a number");
        if (value.GetDouble() is var number && number >= least) return number;
        Add("invalid", name, string.Create(CultureInfo.InvariantCulture, $"must not be less than {least}"));
        return null;
    }

    public int? Whole(string name, int least, int most)
    {
        if (Find(name, required: false) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most)
            return number;
        return WrongValue<int>(name, $"must be a whole number from {least} to {most}");
    }

    public bool? Flag(string name) => Find(name, required: false) is not { } value
        ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean() : WrongValue<bool>(name, "must be true or false");

    /// <summary>A time with a zone, such as <c>2026-11-25T17:00:00Z</c>.</summary>
    public DateTimeOffset? Time(string name, bool required = false)
    {
        if (Text(name, required) is not { } text) return null;
        if (Zoned().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            return time.ToUniversalTime();
        Add("invalid", name, "must be a time with a zone as in RFC 3339, such as 2026-11-25T17:00:00Z");
        return null;
    }

    public IReadOnlyList<string>? Texts(string name, int most)
    {
        if (Find(name, required: false) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Array) return Wrong<IReadOnlyList<string>>(name, "must be an array of strings");
        if (value.GetArrayLength() > most) return Wrong<IReadOnlyList<string>>(name, $"must not have more than {most} entries");
        var texts = new List<string>(value.GetArrayLength());
        foreach (var element in value.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.String) return Wrong<IReadOnlyList<string>>($"{name}/{texts.Count}", "must be a string");
            texts.Add(element.GetString()!);
        }
        return texts;
    }

    /// <summary>A field as it is; undefined when it is missing or null.</summary>
    public JsonElement Raw(string name, bool required = false) => Find(name, required) ?? default;

    /// <summary>Adds a fault that the caller found.</summary>
    public void Add(string code, string name, string detail) => faults.Add(new FieldFault(code, At(name), detail));

    /// <summary>Adds what <see cref="Core.Storage.RecordRules"/> says of the record, which begins with the name of the field.</summary>
    public void AddRule(string problem)
    {
        var end = problem.IndexOf(' ', StringComparison.Ordinal);
        var name = end < 0 ? "" : problem[..end];
        if (asked.Contains(name, StringComparer.Ordinal)) Add("invalid", name, problem[(end + 1)..]);
        else faults.Add(new FieldFault("invalid", pointer, problem));
    }

    /// <summary>Refuses what was not asked for, once however much of it there is. Call it last.</summary>
    public void Finish()
    {
        if (!IsObject) return;
        foreach (var property in json.EnumerateObject())
        {
            if (asked.Contains(property.Name, StringComparer.Ordinal)) continue;
            faults.Add(new FieldFault("unknown_field", pointer, $"has a field that does not exist; known are {string.Join(", ", asked)}"));
            return;
        }
    }

    private JsonElement? Find(string name, bool required)
    {
        asked.Add(name);
        if (IsObject && json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null) return value;
        if (required && IsObject) Add("missing", name, "is required");
        return null;
    }

    private string At(string name) => $"{pointer}/{name}";

    private T? Wrong<T>(string name, string detail) where T : class
    {
        Add("wrong_type", name, detail);
        return null;
    }

    private T? WrongValue<T>(string name, string detail) where T : struct
    {
        Add("wrong_type", name, detail);
        return null;
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)$", RegexOptions.CultureInvariant)]
    private static partial Regex Zoned();
}
