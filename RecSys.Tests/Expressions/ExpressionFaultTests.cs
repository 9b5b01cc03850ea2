using RecSys.Core.Expressions;

namespace RecSys.Tests.Expressions;

/// <summary>What is wrong with an expression is said with its place, and nothing that is sent ends in anything else.</summary>
public sealed class ExpressionFaultTests
{
    private static readonly ExpressionWorld World = new(200, seed: 1);
    private static readonly ExpressionLimits Limits = new();

    [Theory]
    [InlineData("", 1, "the end", "a value")]
    [InlineData("price <", 8, "the end", "a value")]
    [InlineData("price < < 3", 9, "<", "a value")]
    [InlineData("price > 3 price", 11, "price", "an operator")]
    [InlineData("price = 1 = 2", 11, "=", "an operator")]
    [InlineData("(price > 3", 11, "the end", ")")]
    [InlineData("price > 3)", 10, ")", "the end")]
    [InlineData("true and", 9, "the end", "a condition")]
    [InlineData("not", 4, "the end", "a condition")]
    [InlineData("1.2.3 > 2", 1, "1.2.3", "a value")]
    [InlineData("category = 'abc", 12, "a text without an end", "a value")]
    [InlineData("category = 'a\tb' $", 18, "$", "an operator")]
    [InlineData("has(price,)", 11, ")", "an argument")]
    [InlineData("categry = 'x'", 1, "the unknown name categry", "did you mean category?")]
    [InlineData("pric > 3 and true", 1, "the unknown name pric", "did you mean price?")]
    [InlineData("user.agee > 3", 1, "the unknown name user.agee", "did you mean user.age?")]
    [InlineData("colour = 'x'", 1, "the unknown name colour", "a field: category, creator,")]
    [InlineData("newer_then(3)", 1, "the unknown name newer_then", "did you mean newer_than?")]
    [InlineData("sum(3) > 1", 1, "the unknown name sum", "a function: has,")]
    [InlineData("abs(1, 2) > 0", 1, "2", "1 arguments of abs")]
    [InlineData("attributes.color = 'x'", 1, "the unknown name attributes.color", "did you mean attributes.colour?")]
    [InlineData("attributes.colour > 3", 1, "attributes.colour, a text", "a number")]
    [InlineData("attributes.nothing > 3", 1, "the unknown name attributes.nothing", "an attribute that items have")]
    [InlineData("attributes.colour = attributes.size", 1, "attributes.colour", "text(...)")]
    [InlineData("category = 3", 12, "a number", "a text")]
    [InlineData("category < 'a'", 1, "a text", "a number or a time")]
    [InlineData("category = creator", 12, "a second field", "the same for all items")]
    [InlineData("tags = 'red'", 1, "a list of texts", "asked with has")]
    [InlineData("price in [1, 'a']", 14, "a text", "a number")]
    [InlineData("tags has creator", 10, "a field of the items", "the same for all items")]
    [InlineData("price", 1, "a number", "a condition")]
    [InlineData("created_at > time('today')", 19, "a text", "RFC 3339")]
    public void Filter_Faulty_SaysWhereWhatAndWhatElse(string text, int position, string found, string expected)
    {
        var fault = Fault(text);

        Assert.NotNull(fault);
        Assert.Equal(position, fault.Position);
        Assert.StartsWith(found, fault.Found, StringComparison.Ordinal);
        Assert.Contains(expected, fault.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void Filter_BeyondALimit_IsRefusedAndUpToItIsNot()
    {
        static string Nested(int levels) => new string('(', levels) + "true" + new string(')', levels);
        static string Joined(int parts) => string.Join(" and ", Enumerable.Repeat("true", parts));
        var few = new ExpressionLimits(MaxLength: 4000, MaxDepth: 10, MaxNodes: 100);

        Assert.NotNull(ExpressionReader.Filter(Nested(10), few, out _));
        Assert.Null(ExpressionReader.Filter(Nested(11), few, out var deep));
        Assert.Contains("at most 10 levels", deep!.Expected, StringComparison.Ordinal);
        Assert.NotNull(ExpressionReader.Filter(Joined(99), few, out _));
        Assert.Null(ExpressionReader.Filter(Joined(101), few, out var many));
        Assert.Contains("at most 100 values", many!.Expected, StringComparison.Ordinal);
        Assert.NotNull(ExpressionReader.Filter("true".PadRight(4000), few, out _));
        Assert.Null(ExpressionReader.Filter("true".PadRight(4001), few, out var longer));
        Assert.Contains("at most 4000 characters", longer!.Expected, StringComparison.Ordinal);
        // A minus may stand there often without being nested, and counts.
        Assert.Null(ExpressionReader.Filter($"price > {new string('-', 3000)}1", few, out _));
    }

    [Fact]
    public void Filter_FiveThousandDamagedTexts_EndInAnExpressionOrAFault()
    {
        var (random, good, bad) = (new Random(1), 0, 0);
        for (var n = 0; n < 5000; n++)
        {
            var text = ExpressionFuzz.Damage(new RandomExpression(random, World).Condition().Text, random);
            var fault = Fault(text);
            if (fault is null)
            {
                good++;
                continue;
            }
            bad++;
            Assert.InRange(fault.Position, 1, text.Length + 1);
            Assert.NotEmpty(fault.Found);
            Assert.NotEmpty(fault.Expected);
        }
        Assert.True(good > 100 && bad > 100, $"{good} good, {bad} bad");
    }

    private static ExpressionFault? Fault(string text)
    {
        if (ExpressionReader.Filter(text, Limits, out var fault) is not { } expression) return fault;
        return expression.Bind(World.Scope, out fault) is null ? fault : null;
    }
}
