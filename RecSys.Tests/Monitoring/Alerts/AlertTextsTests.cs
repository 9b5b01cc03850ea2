using RecSys.Core.Monitoring.Alerts;
using RecSys.Core.Monitoring.Alerts.Evaluation;

namespace RecSys.Tests.Monitoring.Alerts;

/// <summary>What people read of a rule, above all while it clears.</summary>
public sealed class AlertTextsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Summary_OfABadValue_HasTheThreshold() => Assert.Equal(
        "Recommendations are slow: 300 ms (v1), red from 150 ms",
        AlertTexts.Summary(AlertRules.Latency, State(AlertLevel.Red, 0.3, "v1")));

    // Slow is what it was: beside a good value the text would contradict itself.
    [Fact]
    public void Summary_OfAValueThatCameBack_SaysWhatItWaitsFor()
    {
        Assert.Equal("Recommendations are slow: by now 20 ms, yellow from 85 ms; clears once it is below 76.5 ms for 60 s",
            AlertTexts.Summary(AlertRules.Latency, State(AlertLevel.Yellow, 0.02)));
        Assert.Equal("Recommendations are slow: by now 100 ms, red from 150 ms; clears once it is below 135 ms for 60 s",
            AlertTexts.Summary(AlertRules.Latency, State(AlertLevel.Red, 0.1)));
        Assert.Equal(
            "The disk of the data folder is nearly full: by now 10.5 % (5 MiB left), yellow down from 10 %; clears once it is above 11 %",
            AlertTexts.Summary(AlertRules.Disk, State(AlertLevel.Yellow, 0.105, "5 MiB left")));
    }

    [Fact]
    public void Summary_WithoutData_SaysThatItStays() => Assert.Equal(
        "Users click less than they did: 60 % when it was read last, red from 50 %; there is nothing to judge now, so it stays",
        AlertTexts.Summary(AlertRules.ClickRateDrop, State(AlertLevel.Red, 0.6) with { HasData = false }));

    [Fact]
    public void Line_OfARuleThatIsWell_NamesItOnceAndNoRunbook() => Assert.Equal(
        "error_rate: well again: 0.02 % (9 of 45000 requests), yellow from 0.05 %",
        AlertTexts.Line(AlertRules.Errors, State(AlertLevel.Green, 0.0002, "9 of 45000 requests")));

    [Fact]
    public void Line_OfAnAlert_NamesTheRunbook() => Assert.Equal(
        "cpu: The process has little processor time left: 97 %, red from 95 %; see docs/runbook.md#alert-cpu",
        AlertTexts.Line(AlertRules.Processor, State(AlertLevel.Red, 0.97)));

    [Theory]
    [InlineData(0.0765, "76.5 ms")]
    [InlineData(9.5, "9500 ms")]
    [InlineData(12, "12 s")]
    [InlineData(137.4, "137.4 s")]
    [InlineData(600, "0.2 h")]
    [InlineData(2 * 86_400, "48 h")]
    public void Format_Seconds_AreInTheUnitThatPeopleWouldSay(double seconds, string expected) =>
        Assert.Equal(expected, AlertRules.Latency.Format(seconds));

    private static RuleState State(AlertLevel level, double value, string? detail = null) =>
        new(level, Now, Value: value, Detail: detail, HasData: true);
}
