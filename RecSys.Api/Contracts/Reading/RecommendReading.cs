using System.Text.Json;
using RecSys.Core.Domain;
using RecSys.Core.Expressions;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;

namespace RecSys.Api.Contracts.Reading;

/// <summary>The body of <c>POST /recommend</c>: first read, and then, in the world that answers, resolved.</summary>
internal sealed class RecommendReading
{
    private const int MostExcluded = 1000, MostSeeds = 20, MostBudgetMs = 10_000;

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
        var user = reader.Subject();
        sent = new RecommendRequest(
            user,
            NumItems: reader.Whole(NumItems.Name, 1, NumItems.Max),
            Device: reader.Device(),
            Location: reader.KnownId("location"),
            Include: reader.Texts("include", RecommendQuery.Includes.Length),
            ModelVersion: reader.KnownId(RecommendQuery.Model),
            MinPosition: reader.Position(),
            Exclude: reader.Texts("exclude", MostExcluded),
            Filter: reader.Text("filter"),
            Boost: reader.Text("boost"),
            SeedItems: reader.Texts("seed_items", MostSeeds),
            Scenario: reader.Text(RecommendQuery.ScenarioName),
            BudgetMs: reader.Whole("budget_ms", 1, MostBudgetMs));
        if (policies.FaultOf(Scenario) is { } unknown) reader.Add("invalid", RecommendQuery.ScenarioName, unknown);
        context = reader.Context();
        filter = sent.Filter is null ? null : reader.Checked("filter", expressions.Filter(sent.Filter, out var fault), fault);
        boost = sent.Boost is null ? null : reader.Checked("boost", expressions.Factor(sent.Boost, out fault), fault);
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
        if (filter is not null && filter.Bind(scope, out var fault) is null) reader.Checked(nameof(filter), filter, fault);
        if (boost is not null && boost.Bind(scope, out fault) is null) reader.Checked(nameof(boost), boost, fault);
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
}
