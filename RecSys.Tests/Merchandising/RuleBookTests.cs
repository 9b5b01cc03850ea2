using RecSys.Core.Merchandising;

namespace RecSys.Tests.Merchandising;

public sealed class RuleBookTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Rule Full = new()
    {
        Id = "a/\"é\"", Name = "Käse <b>", Kind = RuleKind.Cap, By = CapGroup.Creator, Most = 2, Top = 10, Scenarios = ["home", "cart"],
        Segment = "user.age > 17", Starts = Noon, Ends = Noon.AddDays(1), Priority = -3, Enabled = false,
    };

    [Fact]
    public void Write_EveryKind_ReadsBackEqualAndEqualRulesGiveEqualTexts()
    {
        Rule[] rules =
        [
            Full, RuleSamples.Pin("p", "i", 3, 9), RuleSamples.Scaled("b", "price > 3", 1.5), RuleSamples.Scaled("c", "price > 3", 0.1),
            RuleSamples.Filtered("d", RuleKind.Include, "tags has 'x'"), RuleSamples.Filtered("e", RuleKind.Exclude, "has(price)"),
            RuleSamples.OwnItems("f"),
        ];

        Assert.All(rules, rule => Assert.Equal(RuleJson.Write(rule), RuleJson.Write(RuleJson.Read(RuleJson.Write(rule)))));
        var back = RuleJson.Read(RuleJson.Write(Full));
        Assert.Equal(Full with { Scenarios = [] }, back with { Scenarios = [] });
        Assert.Equal(["cart", "home"], back.Scenarios);
        // The same moment in another zone, and scenarios in another order, are the same rule.
        Assert.Equal(RuleJson.Write(Full),
            RuleJson.Write(Full with { Scenarios = ["cart", "home", "cart"], Starts = Noon.ToOffset(TimeSpan.FromHours(5)) }));
    }

    [Fact]
    public void With_ChangesInAnyOrder_GiveTheHashOfWhatIsThere()
    {
        var (a, b) = (RuleSamples.OwnItems("a"), RuleSamples.Pin("b", "i", 1));

        var one = RuleBook.Empty.With("a", RuleJson.Write(a)).With("b", RuleJson.Write(b)).With("c", RuleJson.Write(a with { Id = "c" }));
        var other = RuleSamples.Book(b, a);

        Assert.Null(RuleBook.Empty.Hash);
        Assert.NotEqual(one.Hash, other.Hash);
        Assert.Equal(other.Hash, one.With("c", null).Hash);
        Assert.NotEqual(other.Hash, other.With("a", RuleJson.Write(a with { Enabled = false })).Hash);
        Assert.Null(one.With("a", null).With("b", null).With("c", null).With("c", null).Hash);
    }

    [Fact]
    public void InOrder_PrioritiesAndIds_GreatestFirstThenById() => Assert.Equal(["c", "a", "b", "d"],
        RuleSamples.Book(RuleSamples.Pin("b", "i", 1), RuleSamples.Pin("d", "i", 1, -1), RuleSamples.Pin("c", "i", 1, 2),
            RuleSamples.Pin("a", "i", 1)).InOrder.Select(rule => rule.Rule.Id));

    [Theory]
    [InlineData("home", -0.001, false)]
    [InlineData("home", 0, true)]
    [InlineData("home", 59.999, true)]
    [InlineData("home", 60, false)]
    [InlineData("cart", 1, false)]
    public void IsInForce_ScenarioAndTime_FromStartsUpToEnds(string scenario, double minutes, bool expected)
    {
        var rule = RuleSamples.OwnItems("a") with { Scenarios = ["home", "search"], Starts = Noon, Ends = Noon.AddHours(1) };

        Assert.Equal(expected, RuleSamples.Book(rule).IsAnyInForce(scenario, Noon.AddMinutes(minutes)));
        Assert.False(RuleSamples.Book(rule with { Enabled = false }).IsAnyInForce(scenario, Noon.AddMinutes(minutes)));
    }

    [Fact]
    public void With_RuleOfALaterProgram_IsKeptAndNotFollowed()
    {
        var book = RuleSamples.Book(RuleSamples.OwnItems("a")).With("b", """{"id":"b","kind":"spotlight"}""");

        Assert.Equal((2, "a"), (book.Count, Assert.Single(book.InOrder).Rule.Id));
        Assert.NotEqual(book.Hash, book.With("b", null).Hash);
    }
}
