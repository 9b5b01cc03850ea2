using System.Text.Json;
using RecSys.Core.Domain;
using RecSys.Core.Merchandising;
using RecSys.Core.Recommendations.Rules;
using RecSys.Core.Storage;

namespace RecSys.Api.Contracts.Reading;

/// <summary>The body of <c>POST /rules:preview</c>.</summary>
internal sealed class PreviewReading
{
    private const int DefaultLists = 200;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly List<FieldFault> faults = [];
    private readonly Dictionary<string, string> changed = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<string> removed;

    /// <summary>Reads every field; all faults are kept.</summary>
    /// <param name="json">The body.</param>
    /// <param name="catalog">Knows which attributes there are.</param>
    /// <param name="now">End of the span unless the body names one.</param>
    public PreviewReading(JsonElement json, ItemCatalog catalog, DateTimeOffset now)
    {
        var reader = new JsonObjectReader(json, "");
        var rules = reader.Raw("rules");
        removed = reader.Texts("remove", LogLimits.MostRules) ?? [];
        var (from, to) = (reader.Time("from"), reader.Time("to"));
        To = to ?? now;
        From = from ?? (To - DateTimeOffset.MinValue > Day ? To - Day : DateTimeOffset.MinValue);
        Lists = reader.Whole("lists", 1, RulePreview.MostLists) ?? DefaultLists;
        if (reader.Faults.Count == 0 && From >= To) reader.Add("invalid", "to", "must be after the beginning of the span");
        if (rules.ValueKind is not (JsonValueKind.Array or JsonValueKind.Undefined)) reader.Add("wrong_type", "rules", "must be an array");
        else if (rules.ValueKind == JsonValueKind.Array && rules.GetArrayLength() > LogLimits.MostRules)
            reader.Add("invalid", "rules", $"must not have more than {LogLimits.MostRules} entries");
        reader.Finish();
        faults.AddRange(reader.Faults);
        if (faults.Count == 0 && rules.ValueKind == JsonValueKind.Array) ReadRules(rules, catalog);
    }

    public IReadOnlyList<FieldFault> Faults => faults;

    public DateTimeOffset From { get; }
    public DateTimeOffset To { get; }
    public int Lists { get; }

    /// <summary>The rules as they would be.</summary>
    public RuleBook Change(RuleBook book)
    {
        var texts = book.Texts.ToDictionary(StringComparer.Ordinal);
        foreach (var id in removed) texts.Remove(id);
        foreach (var (id, text) in changed) texts[id] = text;
        return RuleBook.Of(texts);
    }

    private void ReadRules(JsonElement rules, ItemCatalog catalog)
    {
        var at = 0;
        foreach (var each in rules.EnumerateArray())
        {
            var pointer = $"/rules/{at++}";
            if (RuleReading.Read(null, each, pointer, catalog, out var wrong) is not { } rule) faults.AddRange(wrong);
            else if (!changed.TryAdd(rule.Id, RuleJson.Write(rule)))
                faults.Add(new FieldFault("invalid", $"{pointer}/id", "is that of another rule of the body"));
        }
    }
}
