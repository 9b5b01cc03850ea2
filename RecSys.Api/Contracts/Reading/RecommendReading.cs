using System.Text.Json;
using RecSys.Api.Endpoints;
using RecSys.Api.Hosting.Requests;
using RecSys.Core.Domain;
using RecSys.Core.Expressions;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;

namespace RecSys.Api.Contracts.Reading;

/// <summary>The body of <c>POST /recommend</c>: first read, and then, in the world that answers, resolved.</summary>
internal sealed class RecommendReading
{
    private const int MostExcluded = 1000, MostSeeds = 20, MostContext = 32, MostBudgetMs = 10_000;

    private static readonly string[] Devices = ContextCodes.DeviceNames.Split(", ");

    private readonly JsonObjectReader reader;
    private readonly RecommendRequest sent;
    private readonly Dictionary<string, AttributeValue> context;
    private readonly Expression<ItemFilter>? filter;
    private readonly Expression<ItemFactor>? boost;

    /// <summary>Reads every field; all faults are kept.</summary>
    /// <param name="json">The body.</param>
    /// <param name="expressions">Reads filter and boost.</param>
    /// <param name="policies">Knows the scenarios.</param>
    public RecommendReading(JsonElement json, ExpressionCache expressions, PolicyBook policies)
    {
        reader = new JsonObjectReader(json, "");
        var user = Subject();
        sent = new RecommendRequest(
            user,
            NumItems: reader.Whole(NumItems.Name, 1, NumItems.Max),
            Device: reader.Word("device", Devices),
            Location: Id("location"),
            Include: reader.Texts("include", RecommendQuery.Includes.Length),
            ModelVersion: Id(RecommendQuery.Model),
            MinPosition: Position(),
            Exclude: reader.Texts("exclude", MostExcluded),
            Filter: reader.Text("filter"),
            Boost: reader.Text("boost"),
            SeedItems: reader.Texts("seed_items", MostSeeds),
            Scenario: reader.Text(RecommendQuery.ScenarioName),
            BudgetMs: reader.Whole("budget_ms", 1, MostBudgetMs));
        if (policies.FaultOf(Scenario) is { } unknown) reader.Add("invalid", RecommendQuery.ScenarioName, unknown);
        context = Context();
        filter = sent.Filter is null ? null : Checked("filter", expressions.Filter(sent.Filter, out var fault), fault);
        boost = sent.Boost is null ? null : Checked("boost", expressions.Factor(sent.Boost, out fault), fault);
        Query = new RecommendQuery { MinPosition = sent.MinPosition ?? 0, ModelVersion = sent.ModelVersion };
        foreach (var part in sent.Include ?? [])
        {
            if (!Query.TryInclude(part))
                reader.Add("invalid", "include", $"must be an array of {string.Join(", ", RecommendQuery.Includes)}");
        }
        if (sent.ModelVersion is not null && !Query.IncludeTrace) reader.Add("invalid", RecommendQuery.Model, "is for include trace alone");
        reader.Finish();
    }

    /// <summary>What is wrong so far.</summary>
    public IReadOnlyList<FieldFault> Faults => reader.Faults;

    /// <summary>What was asked for; its request is null before <see cref="Resolve"/>.</summary>
    public RecommendQuery Query { get; }

    /// <summary>Who gets the list.</summary>
    public string UserId => sent.UserId ?? "";

    private string Scenario => sent.Scenario ?? RecommendationRequest.Home;

    /// <summary>Looks up what the body names, once the catalogue knows what it has to know.</summary>
    /// <returns>False when <see cref="Faults"/> has some: an expression names an attribute that no item has.</returns>
    public bool Resolve(ItemCatalog catalog)
    {
        var scope = new ExpressionScope { Catalog = catalog, NowMs = 0, Context = context };
        if (filter is not null && filter.Bind(scope, out var fault) is null) Checked(nameof(filter), filter, fault);
        if (boost is not null && boost.Bind(scope, out fault) is null) Checked(nameof(boost), boost, fault);
        var wishes = new RequestWishes
        {
            Filter = filter,
            Boost = boost,
            Excluded = Numbers(catalog, sent.Exclude).ToHashSet(),
            Seeds = [.. Numbers(catalog, sent.SeedItems).Distinct()],
            Context = context,
            Budget = sent.BudgetMs is { } budget ? TimeSpan.FromMilliseconds(budget) : null,
        };
        var isPlain = filter is null && boost is null && sent.Exclude is null && sent.SeedItems is null && sent.BudgetMs is null;
        Query.Request = new RecommendationRequest(
            UserId, sent.NumItems ?? NumItems.Default, sent.Device, sent.Location, isPlain ? null : wishes, Scenario);
        return reader.Faults.Count == 0;
    }

    private static IEnumerable<int> Numbers(ItemCatalog catalog, IReadOnlyList<string>? ids)
    {
        foreach (var id in ids ?? [])
        {
            if (catalog.TryGetNumber(id, out var number)) yield return number;
        }
    }

    private string? Subject()
    {
        var named = RecommendQuery.Subjects.Select(name => (Name: name, Id: Id(name))).ToArray();
        var sentOnes = RecommendQuery.Subjects.Count(name => reader.HasAny(name));
        if (sentOnes != 1 && reader.IsObject)
        {
            reader.Add(sentOnes == 0 ? "missing" : "invalid", "user_id", sentOnes == 0
                ? RecommendQuery.NoSubject : RecommendQuery.TwoSubjects);
        }
        return named.FirstOrDefault(each => each.Id is not null).Id;
    }

    private string? Id(string name)
    {
        if (reader.Text(name) is not { } text) return null;
        if (Identifiers.Fault(text) is not { } fault) return text;
        reader.Add("invalid", name, fault);
        return null;
    }

    private long? Position()
    {
        var value = reader.Raw(FoldWait.Name);
        if (value.ValueKind == JsonValueKind.Undefined) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var position) && position >= 0) return position;
        reader.Add("wrong_type", FoldWait.Name, "must be a whole number, 0 or more");
        return null;
    }

    private Dictionary<string, AttributeValue> Context()
    {
        var fields = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);
        var json = reader.Raw("context");
        if (json.ValueKind == JsonValueKind.Undefined) return fields;
        if (json.ValueKind != JsonValueKind.Object)
        {
            reader.Add("wrong_type", "context", "must be an object");
            return fields;
        }
        foreach (var property in json.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Null) continue;
            if (AttributeReading.Value(property.Value) is { } value) fields[property.Name] = value;
            else reader.Add("wrong_type", $"context/{JsonPath.Escape(property.Name)}", $"must be {AttributeValueConverter.Allowed}");
        }
        if (fields.Count > MostContext) reader.Add("invalid", "context", $"must not have more than {MostContext} entries");
        return fields;
    }

    private T? Checked<T>(string name, T? expression, ExpressionFault? fault)
        where T : class
    {
        if (fault is not null) reader.Add("invalid", name, fault.ToString());
        return expression;
    }
}
