using System.Text.Json;
using RecSys.Core.Domain;
using RecSys.Core.Merchandising;

namespace RecSys.Api.Contracts.Reading;

/// <summary>A merchandising rule in a body.</summary>
internal static class RuleReading
{
    /// <summary>Reads a rule.</summary>
    /// <param name="id">Its id; null: the body names it.</param>
    /// <param name="json">The body.</param>
    /// <param name="pointer">Where the object stands.</param>
    /// <param name="catalog">Knows which attributes there are.</param>
    /// <param name="faults">What is wrong; empty when a rule is returned.</param>
    public static Rule? Read(string? id, JsonElement json, string pointer, ItemCatalog catalog, out IReadOnlyList<FieldFault> faults)
    {
        var reader = new JsonObjectReader(json, pointer);
        var named = reader.Id("id", required: id is null);
        if (id is not null && named is not null && named != id) reader.Add("invalid", "id", "must be that of the address, or be left out");
        var rule = new Rule
        {
            Id = id ?? named ?? "",
            Name = reader.Text("name") ?? "",
            Kind = RuleNames.Kind(reader.Word("kind", RuleNames.Kinds, required: true)) ?? RuleKind.Pin,
            Filter = reader.Text("filter"),
            Item = reader.Text("item"),
            Position = reader.Whole("position", 1, RuleFaults.MaxPlace),
            Factor = reader.Number("factor"),
            By = RuleNames.Group(reader.Word("by", RuleNames.Groups)),
            Most = reader.Whole("most", 1, RuleFaults.MaxPlace),
            Top = reader.Whole("top", 1, RuleFaults.MaxPlace),
            Scenarios = reader.Texts("scenarios", RuleFaults.MaxScenarios) ?? [],
            Segment = reader.Text("segment"),
            Starts = reader.Time("starts"),
            Ends = reader.Time("ends"),
            Priority = reader.Whole("priority", -RuleFaults.MaxPriority, RuleFaults.MaxPriority) ?? 0,
            Enabled = reader.Flag("enabled") ?? true,
        };
        reader.Finish();
        if (reader.Faults.Count == 0) Add(reader, RuleFaults.Of(rule));
        if (reader.Faults.Count == 0) Add(reader, RuleFaults.In(rule, catalog));
        faults = reader.Faults;
        return faults.Count == 0 ? rule : null;
    }

    private static void Add(JsonObjectReader reader, IReadOnlyList<RuleFault> faults)
    {
        foreach (var fault in faults) reader.Add("invalid", fault.Field, fault.Problem);
    }
}
