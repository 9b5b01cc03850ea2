using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.Gate;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Nightly.Judging;

namespace RecSys.Tests.Training.Nightly;

/// <summary>The table of a comparison, by hand.</summary>
public sealed class ComparisonTableTests
{
    // One of four: its intervals leave out 0.025 / 4 at either end.
    private static readonly NightEvaluation ofFour = new()
    {
        Challenger = "small", Level = 0.9875, Champion = "v1.0.0", Against = JudgedModel.Champion,
        Models =
        [
            Model(JudgedModel.Champion, ("auc", 0.7), ("ece", 0.01), ("coverage", 0.5)),
            Model("small", ("auc", 0.714), ("ece", 0.02), ("coverage", 0.25), ("novelty", 3)),
        ],
        Metrics =
        [
            new("auc", 0.7, 0.714, -0.0007, 0.0287, true, null, 100) { Alone = new Interval(0.0035, 0.0245) },
            new("log_loss", 0.6, 0.606, -0.0006, 0.0126, false, null, 100) { Alone = new Interval(0.0012, 0.0108) },
            new("latency_p99_ms", 1, 2, 0.5, 1.5, false, null, 50),
        ],
        Segments = [new("auc", 0.6, 0.5, -0.15, -0.06, true, "users=new", 40)],
    };

    [Fact]
    public void Rows_OneOfSeveral_AreBetterByTheWiderIntervalAndWorseByThatOf95Percent()
    {
        var rows = ComparisonTable.Rows(ofFour, Gate()).ToDictionary(row => row.Metric);

        Assert.Equal(["98.75 % of the change", "95 % of it"], ComparisonTable.RangesOf(ofFour));
        Assert.Equal(["-0.10 % to +4.10 %", "+0.50 % to +3.50 %"], rows["auc"].Ranges);
        Assert.Equal("within noise", rows["auc"].Verdict);
        Assert.Equal(["-0.10 % to +2.10 %", "+0.20 % to +1.80 %"], rows["log_loss"].Ranges);
        Assert.Equal("worse", rows["log_loss"].Verdict);
        // What can only count against it has no wider one.
        Assert.Equal(["", "+50.00 % to +150.00 %"], rows["latency_p99_ms"].Ranges);
        Assert.Equal(["", "-25.00 % to -10.00 %"], rows["auc users=new"].Ranges);
        Assert.Equal("worse", rows["auc users=new"].Verdict);
    }

    [Fact]
    public void Rows_OnlyOne_AreByItsIntervalAlone()
    {
        var only = ofFour with { Level = 0.95, Metrics = [new("auc", 0.7, 0.714, 0.0035, 0.0245, true, null, 100)], Segments = [] };

        Assert.Equal(["95 % of the change"], ComparisonTable.RangesOf(only));
        var row = ComparisonTable.Rows(only, Gate())[0];
        Assert.Equal(["+0.50 % to +3.50 %"], row.Ranges);
        Assert.Equal("better", row.Verdict);
    }

    [Fact]
    public void Rows_FiguresWithoutAnInterval_AreShownWhereBothModelsHaveThem()
    {
        var rows = ComparisonTable.Rows(ofFour, Gate());

        Assert.Equal(
            ["auc", "log_loss", "latency_p99_ms", "ece", "coverage", "auc users=new"], rows.Select(row => row.Metric));
        Assert.Equal((0.01, 0.02, "+100.00 %", "not judged"), (rows[3].Before, rows[3].After, rows[3].Change, rows[3].Verdict));
        Assert.Equal("-50.00 %", rows[4].Change);
        Assert.Matches("(?m)^ece +0.0100 +0.0200 +[+]100.00 % +not judged$", ComparisonTable.Of(ofFour, Gate()));
    }

    private static JudgedFigures Model(string name, params (string Name, double Value)[] values) =>
        new(name, null, values.ToDictionary(value => value.Name, value => value.Value), new Dictionary<string, Interval>());

    private static GateFile Gate() => new("v1.0.0", "small", GateVerdict.Refused, [], null, []);
}
