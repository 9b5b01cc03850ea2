using System.Text.Json;
using RecSys.Core.Domain;
using RecSys.Core.Expressions;
using RecSys.Core.Pipeline;
using RecSys.Core.Recommendations;

namespace RecSys.Api.Contracts.Reading;

/// <summary>The body of <c>POST /rank</c>: first read, and then, in the world that answers, resolved.</summary>
internal sealed class RankReading
{
    private const int MostItems = 1000, MostShown = NumItems.Max;
    private const string ItemsName = "items", BoostName = "boost";

    private readonly JsonObjectReader reader;
    private readonly RankRequest sent;
    private readonly Dictionary<string, AttributeValue> context;
    private readonly Expression<ItemFactor>? boost;

    /// <summary>Reads every field; all faults are kept.</summary>
    /// <param name="json">The body.</param>
    /// <param name="expressions">Reads the boost.</param>
    /// <param name="policies">Knows the scenarios.</param>
    public RankReading(JsonElement json, ExpressionCache expressions, PolicyBook policies)
    {
        reader = new JsonObjectReader(json, "");
        var user = reader.Subject();
        sent = new RankRequest(
            Texts(),
            user,
            Scenario: reader.Text(RecommendQuery.ScenarioName) ?? RecommendationRequest.Home,
            Device: reader.Device(),
            Location: reader.KnownId("location"),
            Boost: reader.Text(BoostName),
            Shown: reader.Whole("shown", 0, MostShown),
            MinPosition: reader.Position());
        if (policies.FaultOf(sent.Scenario!) is { } unknown) reader.Add("invalid", RecommendQuery.ScenarioName, unknown);
        context = reader.Context();
        boost = sent.Boost is null ? null : reader.Checked(BoostName, expressions.Factor(sent.Boost, out var fault), fault);
        reader.Finish();
    }

    /// <summary>What is wrong so far.</summary>
    public IReadOnlyList<FieldFault> Faults => reader.Faults;

    /// <summary>For whom.</summary>
    public string UserId => sent.UserId ?? "";

    /// <summary>Position of the log that the reply must know; 0 for any.</summary>
    public long MinPosition => sent.MinPosition ?? 0;

    /// <summary>Looks up what the body names, once the catalogue knows what it has to know.</summary>
    /// <returns>Null when <see cref="Faults"/> has some: the boost names an attribute that no item has.</returns>
    public RecommendationRequest? Resolve(ItemCatalog catalog)
    {
        var scope = new ExpressionScope { Catalog = catalog, NowMs = 0, Context = context };
        if (boost is not null && boost.Bind(scope, out var fault) is null) reader.Checked(BoostName, boost, fault);
        var (given, known) = (new List<int>(sent.Items.Count), new HashSet<int>());
        foreach (var id in sent.Items)
        {
            if (catalog.TryGetNumber(id, out var number) && known.Add(number)) given.Add(number);
        }
        var wishes = new RequestWishes { Given = given, Shown = sent.Shown ?? 0, Boost = boost, Context = context };
        return reader.Faults.Count > 0
            ? null : new RecommendationRequest(UserId, given.Count, sent.Device, sent.Location, wishes, sent.Scenario!);
    }

    /// <summary>What was sent and has no place, with the reason, in the order in which it was sent.</summary>
    /// <param name="catalog">Of the world that answered.</param>
    /// <param name="placed">Numbers of the items that have a place.</param>
    /// <param name="removed">What was taken out on the way.</param>
    public IReadOnlyList<NotRankedItem> NotRanked(
        ItemCatalog catalog, IReadOnlySet<int> placed, IReadOnlyList<RemovedCandidate> removed)
    {
        var reasons = removed.DistinctBy(each => each.Item).ToDictionary(each => each.Item, each => each.Reason);
        var (left, met) = (new List<NotRankedItem>(), new HashSet<int>());
        foreach (var id in sent.Items)
        {
            if (!catalog.TryGetNumber(id, out var number)) left.Add(new NotRankedItem(id, "unknown"));
            else if (!met.Add(number)) left.Add(new NotRankedItem(id, "repeated"));
            else if (!placed.Contains(number)) left.Add(new NotRankedItem(id, reasons.GetValueOrDefault(number, "unavailable")));
        }
        return left;
    }

    private IReadOnlyList<string> Texts()
    {
        var before = reader.Faults.Count;
        if (reader.Texts(ItemsName, MostItems) is { Count: > 0 } texts) return texts;
        if (reader.IsObject && reader.Faults.Count == before) reader.Add("missing", ItemsName, "is required, with at least one id");
        return [];
    }
}
