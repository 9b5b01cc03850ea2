using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.OffPolicy;

namespace RecSys.Tests.Evaluation.OffPolicy;

public class OffPolicyEvaluationTests
{
    private static readonly OffPolicyOptions AnySize = new() { MinEffectiveSampleSize = 2, MinClusters = 2, MeanWeightMargin = 1 };

    // Weights 2, 0.5, 0 and 1.5; rewards 1, 0, 1 and 2.
    private static readonly LoggedDecision[] Four =
    [
        new(1, 0.25, 0.50, 0.5, 0.6, 1),
        new(0, 0.50, 0.25, 0.2, 0.3, 2),
        new(1, 0.50, 0.00, 0.4, 0.1, 3),
        new(2, 0.20, 0.30, 1.0, 0.8, 4),
    ];

    [Theory]
    [InlineData(OffPolicyEstimator.Ips, (2 * 1 + 1.5 * 2) / 4.0)]
    [InlineData(OffPolicyEstimator.Snips, (2 * 1 + 1.5 * 2) / 4.0)]
    [InlineData(OffPolicyEstimator.DirectMethod, (0.6 + 0.3 + 0.1 + 0.8) / 4)]
    [InlineData(OffPolicyEstimator.DoublyRobust, (0.6 + 2 * 0.5 + 0.3 - 0.5 * 0.2 + 0.1 + 0.8 + 1.5 * 1) / 4)]
    [InlineData(OffPolicyEstimator.SwitchDoublyRobust, (0.6 + 0.3 - 0.5 * 0.2 + 0.1 + 0.8 + 1.5 * 1) / 4)]
    public void Run_OfFourDecisions_IsTheClosedForm(OffPolicyEstimator estimator, double expected)
    {
        var report = Estimate(Four, AnySize with { SwitchThreshold = 1.75 });

        Assert.Equal(expected, report[estimator].Value.Value, 1e-9);
        Assert.Equal(expected - 1, report[estimator].Gain.Value, 1e-9);
        Assert.Equal(1, report.LoggedValue.Value, 1e-9);
    }

    [Fact]
    public void Run_WithALargestWeight_CutsThatMuchAndSaysHowOften()
    {
        var report = Estimate(Four, AnySize with { MaxWeight = 1 });

        Assert.Equal((1 * 1 + 1 * 2) / 4.0, report[OffPolicyEstimator.Ips].Value.Value, 1e-9);
        Assert.Equal((1 * 1 + 1 * 2) / 2.5, report[OffPolicyEstimator.Snips].Value.Value, 1e-9);
        Assert.Equal(0.5, report.CutShare, 1e-9);
        Assert.Equal(2, report.LargestWeight, 1e-9);
    }

    [Fact]
    public void Run_OfFourDecisions_KnowsTheEffectiveSampleSize()
    {
        var report = Estimate(Four, AnySize);

        Assert.Equal(16 / (4 + 0.25 + 2.25), report.EffectiveSampleSize, 1e-9);
        Assert.Equal(1, report.MeanWeight.Value, 1e-9);
    }

    [Fact]
    public void Run_TheSamePolicy_GainsNothingByEveryWeightedEstimator()
    {
        var log = OffPolicyBandit.Log(users: 300, seed: 3, OffPolicyBandit.Wide, OffPolicyBandit.Wide);
        var report = Estimate(log, new OffPolicyOptions());

        foreach (var estimator in new[] { OffPolicyEstimator.Ips, OffPolicyEstimator.Snips })
        {
            Assert.Equal(0, report[estimator].Gain.Low, 1e-12);
            Assert.Equal(0, report[estimator].Gain.High, 1e-12);
        }
    }

    [Fact]
    public void Run_WithAWrongRewardModel_OnlyTheDirectMethodIsWrong()
    {
        var truth = OffPolicyBandit.Value(OffPolicyBandit.Keen);
        var log = OffPolicyBandit.Log(users: 20_000, seed: 5, OffPolicyBandit.Wide, OffPolicyBandit.Keen);
        var report = Estimate(log, new OffPolicyOptions());

        Assert.True(report[OffPolicyEstimator.DirectMethod].Value.High < truth);
        foreach (var estimator in new[] { OffPolicyEstimator.Ips, OffPolicyEstimator.Snips, OffPolicyEstimator.DoublyRobust })
        {
            var value = report[estimator].Value;
            Assert.InRange(truth, value.Low, value.High);
            Assert.True(report[estimator].Gain.Low > 0, "Showing the better items more often earns more.");
        }
        Assert.True(Width(report[OffPolicyEstimator.Snips].Value) < Width(report[OffPolicyEstimator.Ips].Value));

        static double Width(Estimate interval) => interval.High - interval.Low;
    }

    [Fact]
    public void Run_AThousandTimes_TheIntervalsCoverTheTruth()
    {
        const int Runs = 1000;
        OffPolicyEstimator[] weighted = [OffPolicyEstimator.Ips, OffPolicyEstimator.Snips, OffPolicyEstimator.DoublyRobust,
            OffPolicyEstimator.SwitchDoublyRobust];
        var truth = OffPolicyBandit.Value(OffPolicyBandit.Keen);
        var gain = truth - OffPolicyBandit.Value(OffPolicyBandit.Wide);
        var options = new OffPolicyOptions { Samples = 1000 };
        var (covered, gainCovered) = (new int[weighted.Length], new int[weighted.Length]);
        Parallel.For(0, Runs, run =>
        {
            var log = OffPolicyBandit.Log(users: 600, seed: run, OffPolicyBandit.Wide, OffPolicyBandit.Keen);
            var report = Estimate(log, options with { Seed = run });
            for (var i = 0; i < weighted.Length; i++)
            {
                var estimate = report[weighted[i]];
                if (Holds(estimate.Value, truth)) Interlocked.Increment(ref covered[i]);
                if (Holds(estimate.Gain, gain)) Interlocked.Increment(ref gainCovered[i]);
            }
        });

        for (var i = 0; i < weighted.Length; i++)
        {
            Assert.True(covered[i] >= 0.935 * Runs, $"{weighted[i]}: {covered[i]} of {Runs} intervals hold the value.");
            Assert.True(gainCovered[i] >= 0.935 * Runs, $"{weighted[i]}: {gainCovered[i]} of {Runs} intervals hold the gain.");
            Assert.True(covered[i] <= 0.97 * Runs, $"{weighted[i]}: {covered[i]} of {Runs}, wider than they need be.");
        }

        static bool Holds(Estimate interval, double value) => interval.Low <= value && value <= interval.High;
    }

    [Fact]
    public void Run_TooFewThatTell_RefusesAndMoreOfThemHelp()
    {
        var few = Estimate(
            OffPolicyBandit.Log(users: 30, seed: 1, OffPolicyBandit.Wide, OffPolicyBandit.Keen), new OffPolicyOptions());
        Assert.Contains("Collect more", few.Refusal, StringComparison.Ordinal);
        Assert.Empty(few.Estimates);

        var more = Estimate(
            OffPolicyBandit.Log(users: 300, seed: 1, OffPolicyBandit.Wide, OffPolicyBandit.Keen), new OffPolicyOptions());
        Assert.Null(more.Refusal);
        Assert.NotEmpty(more.Estimates);
    }

    [Fact]
    public void Run_APolicyThatShowsWhatTheLogNeverShows_IsRefusedAndAWiderLogHelps()
    {
        double[] narrow = [0.5, 0.5, 0, 0, 0];
        var refused = Estimate(
            OffPolicyBandit.Log(users: 1000, seed: 1, narrow, OffPolicyBandit.Keen), new OffPolicyOptions());
        Assert.Contains("explore more widely", refused.Refusal, StringComparison.Ordinal);

        var wider = Estimate(
            OffPolicyBandit.Log(users: 1000, seed: 1, OffPolicyBandit.Wide, OffPolicyBandit.Keen), new OffPolicyOptions());
        Assert.Null(wider.Refusal);
    }

    [Theory]
    [InlineData(0, 0.5, 1, "propensity 0")]
    [InlineData(1.5, 0.5, 1, "propensity 1.5")]
    [InlineData(double.NaN, 0.5, 1, "propensity NaN")]
    [InlineData(0.5, -0.1, 1, "probability -0.1")]
    [InlineData(0.5, 0.5, double.PositiveInfinity, "no finite number")]
    public void Run_ADecisionThatCannotBe_IsRefusedByItsNumber(double logged, double target, double reward, string said)
    {
        LoggedDecision[] decisions = [Four[0], new(reward, logged, target, 0, 0, 9)];
        var refusal = Assert.Throws<RecSysException>(() => Estimate(decisions, AnySize));
        Assert.Contains("Decision 1 ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(said, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WithoutDecisions_SaysSo() => Assert.Contains(
        "no logged decisions", Assert.Throws<RecSysException>(() => Estimate([], AnySize)).Message, StringComparison.Ordinal);

    [Fact]
    public void Run_WithoutARewardModel_GivesOnlyEstimatesThatNeedNone()
    {
        LoggedDecision[] bare = [.. Four.Select(decision => decision with { Predicted = null, PredictedTarget = null })];

        var report = Estimate(bare, AnySize);

        Assert.Equal([OffPolicyEstimator.Ips, OffPolicyEstimator.Snips], report.Estimates.Select(estimate => estimate.Estimator));
        Assert.Equal(1.25, report[OffPolicyEstimator.Ips].Value.Value, 1e-9);
        var mixed = Assert.Throws<RecSysException>(() => Estimate([bare[0], Four[1]], AnySize));
        Assert.Contains("Decision 1 has a prediction where others have none", mixed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_PropensitiesThatAreTooSmall_AreRefusedAndRightOnesAreNot()
    {
        var right = OffPolicyBandit.Log(users: 300, seed: 2, OffPolicyBandit.Wide, OffPolicyBandit.Wide);
        LoggedDecision[] wrong = [.. right.Select(decision => decision with { Logged = decision.Logged / 3 })];

        Assert.Contains("more often than the logged propensities say", Estimate(wrong, new OffPolicyOptions()).Refusal,
            StringComparison.Ordinal);
        Assert.Null(Estimate(right, new OffPolicyOptions()).Refusal);
    }

    [Fact]
    public void Run_DecisionsOfAFewUsers_AreRefusedAndMoreUsersHelp()
    {
        var many = OffPolicyBandit.Log(users: 300, seed: 4, OffPolicyBandit.Wide, OffPolicyBandit.Keen);
        LoggedDecision[] few = [.. many.Select(decision => decision with { Cluster = decision.Cluster % 10 })];

        Assert.Contains("Collect from more", Estimate(few, new OffPolicyOptions()).Refusal, StringComparison.Ordinal);
        Assert.Null(Estimate(many, new OffPolicyOptions()).Refusal);
    }

    private static OffPolicyReport Estimate(LoggedDecision[] decisions, OffPolicyOptions options) =>
        OffPolicyEvaluation.Run(decisions, options, TestContext.Current.CancellationToken);
}
