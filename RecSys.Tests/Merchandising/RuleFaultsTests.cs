using RecSys.Core.Domain;
using RecSys.Core.Merchandising;

namespace RecSys.Tests.Merchandising;

public sealed class RuleFaultsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<Rule, string, string> Faulty => new()
    {
        { RuleSamples.Pin("a", "i", 1) with { Item = null }, "item", "is required of a rule of kind pin" },
        { RuleSamples.Pin("a", "i", 0), "position", "from 1 to 100" },
        { RuleSamples.Pin("a", "i", 101), "position", "from 1 to 100" },
        { RuleSamples.Pin("a", "i", 1) with { Filter = "true" }, "filter", "is not for a rule of kind pin" },
        { RuleSamples.Pin("a", "../x", 1), "item", "path" },
        { RuleSamples.Scaled("a", "true", 10.5), "factor", "at most 10" },
        { RuleSamples.Scaled("a", "true", 2) with { Kind = RuleKind.Bury }, "factor", "less than 1" },
        { RuleSamples.Scaled("a", "true", 0.05), "factor", "at least 0.1" },
        { RuleSamples.Scaled("a", "true", double.NaN) with { Kind = RuleKind.Boost }, "factor", "greater than 1" },
        { RuleSamples.Filtered("a", RuleKind.Include, "price <"), "filter", "character 8: found the end, expected a value" },
        { RuleSamples.Filtered("a", RuleKind.Exclude, "categry = 'x'"), "filter", "did you mean category?" },
        { RuleSamples.OwnItems("a") with { Segment = "price > 3" }, "segment", "character 1: found price, of the items, expected" },
        { RuleSamples.OwnItems("a") with { Segment = "user.age > 3 and newer_than(4)" }, "segment", "character 18: found newer_than" },
        { RuleSamples.Cap("a", CapGroup.Category, 0, 5), "most", "from 1 to 100" },
        { RuleSamples.Cap("a", CapGroup.Category, 1, 5) with { By = null }, "by", "is required" },
        { RuleSamples.OwnItems("a") with { Ends = Noon, Starts = Noon }, "ends", "must be after starts" },
        { RuleSamples.OwnItems("a") with { Starts = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero) }, "starts", "1970" },
        { RuleSamples.OwnItems("a") with { Name = new string('x', 257) }, "name", "256" },
        { RuleSamples.OwnItems("a") with { Scenarios = [""] }, "scenarios", "empty" },
        { RuleSamples.OwnItems("a") with { Scenarios = [.. Enumerable.Range(0, 21).Select(i => $"{i}")] }, "scenarios", "20" },
        { RuleSamples.OwnItems("a") with { Priority = 1_000_001 }, "priority", "1000000" },
        { RuleSamples.OwnItems(" a"), "id", "space" },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public void Of_FaultyRule_NamesTheFieldAndWhatItMustBe(Rule rule, string field, string problem)
    {
        var fault = Assert.Single(RuleFaults.Of(rule));

        Assert.Equal(field, fault.Field);
        Assert.Contains(problem, fault.Problem, StringComparison.Ordinal);
        Assert.Throws<RecSysException>(() => CompiledRule.Of(rule));
    }

    [Fact]
    public void Of_SegmentOfUserAndRequest_HasNoFault() => Assert.Empty(RuleFaults.Of(RuleSamples.OwnItems("a") with
    {
        Segment = "user.age >= 18 and user.attributes.plan = 'pro' or context.device in ['tv'] and context.hour < 9 and has(context.x)",
    }));

    [Fact]
    public void In_AttributeThatNoItemHas_IsAFaultOfTheCatalogue()
    {
        var catalog = ItemCatalog.Create([new Item
        {
            Id = "i", Title = "", Category = "",
            Attributes = new Dictionary<string, AttributeValue> { ["colour"] = AttributeValue.Of("red") },
        }]);

        Assert.Empty(RuleFaults.In(RuleSamples.Filtered("a", RuleKind.Include, "attributes.colour = 'x'"), catalog));
        Assert.Contains("did you mean attributes.colour?",
            Assert.Single(RuleFaults.In(RuleSamples.Filtered("a", RuleKind.Include, "attributes.color = 'x'"), catalog)).Problem,
            StringComparison.Ordinal);
    }
}
