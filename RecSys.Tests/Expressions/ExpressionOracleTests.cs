using RecSys.Core.Expressions;

namespace RecSys.Tests.Expressions;

/// <summary>Drawn expressions are worth what a plain interpreter makes of them, item by item.</summary>
public sealed class ExpressionOracleTests
{
    private const int Items = 1500;

    // Parts of this size are no client's.
    private static readonly ExpressionLimits Limits = new(MaxLength: 20_000, MaxDepth: 64, MaxNodes: 5000);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Filter_TwentyFiveHundredDrawn_AgreesWithThePlainInterpreter(int seed)
    {
        var (world, random) = (new ExpressionWorld(Items, seed), new Random(seed));
        var (passing, bits) = (0, new ulong[(Items + 63) / 64]);
        var (asked, passes) = (new int[50], new bool[50]);
        for (var n = 0; n < 2500; n++)
        {
            var drawn = new RandomExpression(random, world).Condition();
            var filter = ExpressionReader.Filter(drawn.Text, Limits, out var fault)?.Bind(world.Scope, out fault);
            Assert.True(filter is not null, $"{fault} in {drawn.Text}");

            var count = filter.Select(Items, bits);
            foreach (ref var item in asked.AsSpan()) item = random.Next(Items);
            filter.Test(asked, passes);

            Assert.Equal(bits.Sum(word => (int)ulong.PopCount(word)), count);
            for (var i = 0; i < asked.Length; i++)
            {
                var item = asked[i];
                var expected = drawn.Value(item) == true;
                Assert.True(expected == passes[i], $"item {item} in {drawn.Text}");
                var servable = world.Items[item] is { Available: true, Flagged: false };
                Assert.True((expected && servable) == ((bits[item >> 6] >> (item & 63) & 1) != 0), $"item {item} of all in {drawn.Text}");
                if (expected) passing++;
            }
        }
        // Neither always yes nor always no.
        Assert.InRange(passing, 2500 * 50 / 10, 2500 * 50 * 9 / 10);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public void Factor_TwentyFiveHundredDrawn_AgreesWithThePlainInterpreter(int seed)
    {
        var (world, random, known) = (new ExpressionWorld(Items, seed), new Random(seed), 0);
        var (asked, numbers, factors) = (new int[50], new double[50], new double[50]);
        for (var n = 0; n < 2500; n++)
        {
            var drawn = new RandomExpression(random, world).Sum();
            var factor = ExpressionReader.Factor(drawn.Text, Limits, out var fault)?.Bind(world.Scope, out fault);
            Assert.True(factor is not null, $"{fault} in {drawn.Text}");

            foreach (ref var item in asked.AsSpan()) item = random.Next(Items);
            factor.ReadPlain(asked, numbers);
            factor.Read(asked, factors);

            for (var i = 0; i < asked.Length; i++)
            {
                var expected = drawn.Value(asked[i]);
                // Equal to the last bit, but for the sign of zero.
                Assert.True(expected is { } value ? value == numbers[i] : double.IsNaN(numbers[i]),
                    $"item {asked[i]}: {expected}, not {numbers[i]} in {drawn.Text}");
                Assert.Equal(expected is { } bounded ? Math.Clamp(bounded, ItemFactor.Least, ItemFactor.Most) : 1, factors[i]);
                if (expected is not null) known++;
            }
        }
        Assert.InRange(known, 2500 * 50 / 10, 2500 * 50 * 9 / 10);
    }
}
