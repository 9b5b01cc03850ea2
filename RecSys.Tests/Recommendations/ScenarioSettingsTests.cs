using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using RecSys.Core.Domain;
using RecSys.Core.Recommendations;
using RecSys.Core.Recommendations.Scenarios;

namespace RecSys.Tests.Recommendations;

public sealed class ScenarioSettingsTests
{
    [Fact]
    public void Of_ScenariosOfAFile_LieOverTheDefaultPolicy()
    {
        var book = BookOf("""
            { "Seen": { "DedupDays": 2 },
              "Scenarios": { "cart": { "candidates": 50, "sources": ["co_visitation", "popular"], "consumed_days": 30.5 },
                             "new.week": { "sources": "new, trending" }, "plain": {} } }
            """);

        var basis = Policy.Default with { DedupDays = 2 };
        Assert.Equal(["cart", "home", "new.week", "plain"], book.Scenarios);
        Assert.Equal(
            basis with
            {
                Name = "cart", Candidates = 50, Sources = PolicySources.CoVisitation | PolicySources.Popular, ConsumedDays = 30.5,
            },
            book.Of("cart").Policy);
        Assert.Equal(basis with { Name = "new.week", Sources = PolicySources.New | PolicySources.Trending }, book.Of("new.week").Policy);
        Assert.Equal(basis with { Name = "plain" }, book.Of("plain").Policy);
        Assert.Equal((basis, basis.Hash), book.Of("home"));
        Assert.All(book.Scenarios, name => Assert.Equal(book.Of(name).Policy, book.Find(book.Of(name).Hash)));
    }

    [Fact]
    public void Of_NullInAFile_IsNoNumber()
    {
        var book = BookOf("""{ "Seen": { "ConsumedDays": 3 }, "Scenarios": { "again": { "consumed_days": null } } }""");

        Assert.Equal((3, null), (book.Default.ConsumedDays, book.Of("again").Policy.ConsumedDays));
    }

    [Fact]
    public void Of_EverySetting_CanBeSetAsThePolicyWritesIt()
    {
        var whole = Policy.Default with { Name = "all", ConsumedDays = 1.5, Sources = PolicySources.New, ExplorationShare = 0.25 };
        var settings = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(whole.ToJson())!;
        settings.Remove("name");

        var book = BookOf(JsonSerializer.Serialize(new { Scenarios = new { all = settings } }));

        Assert.Equal(whole, book.Of("all").Policy);
    }

    [Fact]
    public void Of_Home_ChangesHomeAndNotWhatOthersStartFrom()
    {
        var book = BookOf("""{ "Scenarios": { "home": { "candidates": 60 }, "cart": { } } }""");

        Assert.Equal((60, 500, 500), (book.Of("home").Policy.Candidates, book.Of("cart").Policy.Candidates, book.Default.Candidates));
    }

    [Fact]
    public void Choose_AssignedPolicy_WinsOverTheScenariosUnlessItIsTheDefaultOneOrUnknown()
    {
        var (basis, cart, arm) = (Policy.Default, Policy.Default with { Name = "cart" }, Policy.Default with { Name = "arm" });
        var book = new PolicyBook(basis, new Dictionary<string, Policy> { ["cart"] = cart, ["arm"] = arm });

        Assert.Equal((cart, cart.Hash), book.Choose(basis.Hash, "cart"));
        Assert.Equal((cart, cart.Hash), book.Choose("0000000000000000", "cart"));
        Assert.Equal((arm, arm.Hash), book.Choose(arm.Hash, "cart"));
        Assert.Equal((basis, basis.Hash), book.Choose(basis.Hash, "home"));
    }

    [Theory]
    [InlineData("cart:candidates=9", "Scenarios:cart:candidates: The policy has Candidates 9; allowed is 10 to 10000.")]
    [InlineData("cart:candidates=many", "Scenarios:cart:candidates has a value of another kind than it takes; the default is 500.")]
    [InlineData("cart:candidates=20.5", "Scenarios:cart:candidates has a value of another kind than it takes; the default is 500.")]
    [InlineData("cart:candidates=", "Scenarios:cart:candidates has a value of another kind than it takes; the default is 500.")]
    [InlineData("cart:candidate=20", "There is no setting Scenarios:cart:candidate; did you mean candidates?")]
    [InlineData("cart:Candidates=20", "There is no setting Scenarios:cart:Candidates; did you mean candidates?")]
    [InlineData("cart:colour=red", "There is no setting Scenarios:cart:colour; a scenario has candidates, co_visitation_limit, ")]
    [InlineData("cart:name=cart", "There is no setting Scenarios:cart:name; ")]
    [InlineData("cart:sources=trendng", "Scenarios:cart:sources: There is no source 'trendng'; did you mean trending?")]
    [InlineData("cart:sources=[]", "Scenarios:cart:sources: The policy has no Sources; name at least one of two_tower, ")]
    [InlineData("cart:sources:0:deep=x", "Scenarios:cart:sources: There is no source ''; there are two_tower, ")]
    [InlineData("Cart page:candidates=20", "Scenarios:Cart page: The name of a policy has 1 to 64 characters of a-z, ")]
    [InlineData("default:candidates=20", "Scenarios:default: default is what all scenarios start from; choose another name.")]
    [InlineData("cart=20", "Scenarios:cart has a value of its own; write Scenarios:cart:candidates and so on.")]
    public void Of_BadSetting_IsRefusedByItsNameWithWhatIsAllowed(string setting, string expected)
    {
        var at = setting.IndexOf('=', StringComparison.Ordinal);
        var (key, value) = (setting[..at], setting[(at + 1)..]);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create<string, string?>($"{ScenarioSettings.Section}:{key}", value)]).Build();

        var refusal = Assert.Throws<RecSysException>(() => PolicyBook.Of(configuration));

        Assert.StartsWith(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_MoreThanFiftyScenarios_IsRefused()
    {
        var scenarios = Enumerable.Range(0, ScenarioSettings.Most + 1).ToDictionary(
            i => string.Create(CultureInfo.InvariantCulture, $"Scenarios:s{i}:candidates"), string? (_) => "20");

        Assert.Equal(51, PolicyBook.Of(Built(scenarios.Take(ScenarioSettings.Most))).Scenarios.Count);
        Assert.Contains("51 scenarios; allowed are 50", Assert.Throws<RecSysException>(() => PolicyBook.Of(Built(scenarios))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void FaultOf_UnknownName_SaysWhichThereAreAndTheNearest()
    {
        var book = BookOf("""{ "Scenarios": { "checkout": { }, "cart": { } } }""");

        Assert.Null(book.FaultOf("cart"));
        Assert.Equal("must be one of cart, checkout, home", book.FaultOf("email"));
        Assert.Equal("must be a scenario that there is; did you mean checkout? There are cart, checkout, home", book.FaultOf("chekout"));
    }

    private static PolicyBook BookOf(string json) => PolicyBook.Of(
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build());

    private static IConfigurationRoot Built(IEnumerable<KeyValuePair<string, string?>> settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
}
