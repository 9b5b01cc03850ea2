using RecSys.Core.Monitoring.Alerts;
using RecSys.Core.Monitoring.Alerts.Evaluation;

namespace RecSys.Tests.Monitoring.Alerts;

/// <summary>Every sequence was worked out by hand: yellow from 100, red from 200, held for 20 s, clear below 90 and 180 for 30 s.</summary>
public sealed class RuleEvaluationTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly AlertRule Rule = new("rule", 100, 200, "entries", "Too many")
    {
        Hold = TimeSpan.FromSeconds(20),
        ClearAfter = TimeSpan.FromSeconds(30),
    };

    [Theory]
    // One look every ten seconds; "-" is a look without data.
    [InlineData("50 100 100 100 100", "g g g y y", "held from the threshold on for 20 s")]
    [InlineData("150 150 99 150 150 150", "g g g g g y", "one look below begins the spell anew")]
    [InlineData("250 250 250", "g g r", "red at once when every look was red")]
    [InlineData("150 250 150 150", "g g y y", "no longer red for 20 s, but bad all the time")]
    [InlineData("150 150 150 250 250 250", "g g y y y r", "gets worse")]
    [InlineData("150 150 150 95 95 95 95 95", "g g y y y y y y", "between threshold and clearing mark nothing clears")]
    [InlineData("150 150 150 80 80 80 80", "g g y y y y g", "clear below 90 for 30 s")]
    [InlineData("150 150 150 80 80 95 80 80 80 80", "g g y y y y y y y g", "one look above the mark begins the spell anew")]
    [InlineData("250 250 250 190 190 190 190 190", "g g r r r r r r", "190 is not below 180")]
    [InlineData("250 250 250 150 150 150 150 150", "g g r r r r y y", "red gives way to yellow")]
    [InlineData("250 250 250 10 10 10 10", "g g r r r r g", "and to green without a stop")]
    [InlineData("- - - -", "g g g g", "missing data is no alarm")]
    [InlineData("150 150 - 150 150 150", "g g g g g y", "and ends a bad spell")]
    [InlineData("150 150 150 - - - - - - - -", "g g y y y y y y y y y", "and clears nothing, however long")]
    [InlineData("150 150 150 80 80 80 - 80 80 80 80", "g g y y y y y y y y g", "and ends a good spell")]
    public void Next_Sequence_GivesTheLevels(string values, string expected, string because)
    {
        var (state, levels, at) = (RuleEvaluation.First(Start), new List<string>(), Start);
        foreach (var value in values.Split(' '))
        {
            state = RuleEvaluation.Next(Rule, state, value == "-" ? null : new AlertReading(double.Parse(value, null)), at);
            levels.Add(state.Level.Name()[..1]);
            at += TimeSpan.FromSeconds(10);
        }

        Assert.True(expected == string.Join(' ', levels), $"{because}: {string.Join(' ', levels)}");
    }

    [Fact]
    public void Next_RuleBelow_IsBadDownwardsAndClearsUpwards()
    {
        var rule = new AlertRule("free", 0.10, 0.05, "share", "Full") { Direction = AlertDirection.Below };

        var levels = Run(rule, 0.5, 0.1, 0.05, 0.055, 0.056, 0.105, 0.111).Select(state => state.Level.Name());

        // Red clears above 0.055, yellow above 0.11.
        Assert.Equal(["green", "yellow", "red", "red", "yellow", "yellow", "green"], levels);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Next_NoNumber_IsNoData(double value)
    {
        var state = Run(Rule, 150, 150, 150, value)[^1];

        Assert.Equal((AlertLevel.Yellow, false, 150), (state.Level, state.HasData, state.Value));
    }

    [Fact]
    public void Next_Raised_RemembersWhenItBegan()
    {
        var states = Run(Rule, 50, 150, 150, 150, 250, 250, 250);

        Assert.Equal((Start.AddSeconds(30), Start.AddSeconds(10)), (states[3].Since, states[3].Began));
        Assert.Equal((Start.AddSeconds(60), Start.AddSeconds(10)), (states[6].Since, states[6].Began));
    }

    [Fact]
    public void Next_RuleWithoutRed_IsNeverRed() =>
        Assert.Equal(AlertLevel.Yellow, Run(new AlertRule("night", 1, null, "nights", "Failed"), 1, 1000, 1e9)[^1].Level);

    [Fact]
    public void Rules_AreSound()
    {
        Assert.Equal(AlertRules.All.Count, AlertRules.All.Select(rule => rule.Name).Distinct().Count());
        Assert.All(AlertRules.All, rule =>
        {
            Assert.Matches("^[a-z][a-z0-9_]*$", rule.Name);
            // Red is worse than yellow, and what is red is not good enough to clear yellow.
            if (rule.Red is { } red) Assert.True(rule.IsBad(red, AlertLevel.Yellow) && !rule.IsGood(red, AlertLevel.Yellow), rule.Name);
            Assert.InRange(rule.Hysteresis, 0, 0.5);
            Assert.InRange(rule.Hold, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        });
    }

    private static List<RuleState> Run(AlertRule rule, params double[] values)
    {
        var (state, states, at) = (RuleEvaluation.First(Start), new List<RuleState>(), Start);
        foreach (var value in values)
        {
            states.Add(state = RuleEvaluation.Next(rule, state, new AlertReading(value), at));
            at += TimeSpan.FromSeconds(10);
        }
        return states;
    }
}
