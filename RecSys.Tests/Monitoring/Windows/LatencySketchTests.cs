using RecSys.Core.Domain.Columns;
using RecSys.Core.Monitoring.Windows;

namespace RecSys.Tests.Monitoring.Windows;

public sealed class LatencySketchTests
{
    private const int Million = 1_000_000;
    private const double Allowed = 0.01;
    private const long Microsecond = 1000, Second = 1_000_000_000;

    private static readonly double[] Shares = [0.5, 0.75, 0.9, 0.95, 0.99, 0.999];

    public static TheoryData<string> Shapes => ["log-normal", "two peaks", "even in logarithm", "heavy tail", "all the same"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Percentile_OfAMillion_IsWithinOnePercentOfTheExactOne(string shape)
    {
        var values = Values(shape, new Random(7));
        var sketch = new LatencySketch();
        foreach (var value in values) sketch.Add(value);
        Array.Sort(values);

        Assert.Equal((Million, values.Sum()), (sketch.Count, sketch.Sum));
        Assert.All(Shares, share =>
        {
            double exact = values[(int)Math.Ceiling(share * Million) - 1];
            Assert.InRange(sketch.Percentile(share), exact * (1 - Allowed), exact * (1 + Allowed));
        });
    }

    [Fact]
    public void Percentile_OfOneValue_IsWithinOnePercentFromAMicrosecondTo100Seconds()
    {
        // Both edges of many buckets, and what lies between them.
        for (var value = (double)Microsecond; value <= 100 * Second; value *= 1.0007)
        {
            var sketch = new LatencySketch();
            sketch.Add((long)value);
            Assert.InRange(sketch.Percentile(1), (long)value * (1 - Allowed), (long)value * (1 + Allowed));
        }
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(0)]
    [InlineData(long.MaxValue)]
    public void Add_BeyondTheScale_CountsAllTheSame(long value)
    {
        var sketch = new LatencySketch();

        sketch.Add(value);

        Assert.Equal((1, value), (sketch.Count, sketch.Sum));
        Assert.InRange(sketch.Percentile(0.5), 0, 138e9);
    }

    [Fact]
    public void Read_OfWrittenParts_EqualsTheSketchOfAll()
    {
        var values = Values("log-normal", new Random(3));
        LatencySketch all = new(), merged = new();
        var writer = new RecordWriter();
        foreach (var value in values) all.Add(value);
        foreach (var part in values.Chunk(77_777))
        {
            var sketch = new LatencySketch();
            foreach (var value in part) sketch.Add(value);
            writer.Clear();
            sketch.Write(writer);
            var reader = new RecordReader(writer.Written);
            merged.Read(ref reader);
            Assert.True(reader.Rest.IsEmpty);
        }

        Assert.Equal((all.Count, all.Sum), (merged.Count, merged.Sum));
        Assert.All(Enumerable.Range(0, 1001).Select(thousandth => thousandth / 1000.0),
            share => Assert.Equal(all.Percentile(share), merged.Percentile(share)));
    }

    [Fact]
    public void Percentile_OfNone_IsZero() => Assert.Equal((0, 0), (new LatencySketch().Percentile(0.99), new LatencySketch().Mean));

    private static long[] Values(string shape, Random random)
    {
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double Next() => shape switch
        {
            "log-normal" => 5e6 * Math.Exp(0.6 * Normal()),
            "two peaks" => random.NextDouble() < 0.97 ? 3e6 + 2e5 * Normal() : 90e6 + 5e6 * Normal(),
            "even in logarithm" => Microsecond * Math.Pow(1e8, random.NextDouble()),
            "heavy tail" => Math.Min(100.0 * Second, 1e6 / Math.Pow(1 - random.NextDouble(), 1 / 1.1)),
            _ => 12_345_678,
        };
        return [.. Enumerable.Range(0, Million).Select(_ => (long)Math.Max(Microsecond, Next()))];
    }
}
