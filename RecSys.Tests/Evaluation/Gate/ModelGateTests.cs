using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.Gate;

namespace RecSys.Tests.Evaluation.Gate;

public sealed class ModelGateTests
{
    private static readonly GateOptions Options = new();

    // Two percent better, by everything, beyond chance.
    private static readonly GateEvidence Better = new()
    {
        Champion = "v1.0.0",
        Challenger = "v1.0.1",
        Metrics =
        [
            Figure(GateMetrics.Auc, 0.70, 0.714), Figure(GateMetrics.Ndcg, 0.20, 0.21), Figure(GateMetrics.Recall, 0.50, 0.505),
            Figure(GateMetrics.LogLoss, 0.60, 0.59, higherIsBetter: false),
            Figure(GateMetrics.Latency, 0.50, 0.51, higherIsBetter: false, noise: 0.02),
        ],
        Segments = [Segment("device=mobile", 0.70, 0.71), Segment("user=new", 0.60, 0.61)],
        Skewed = [],
        OffPolicyGain = new Estimate(0.001, -0.001, 0.003),
        BestFeature = ("user_click_rate", 0.66),
        ChampionAge = TimeSpan.FromHours(20),
    };

    // Equal but for chance, against a champion of yesterday.
    private static readonly GateEvidence Equal = Better with
    {
        Metrics =
        [
            Figure(GateMetrics.Auc, 0.70, 0.7005), Figure(GateMetrics.Ndcg, 0.20, 0.1995), Figure(GateMetrics.Recall, 0.50, 0.50),
            Figure(GateMetrics.LogLoss, 0.60, 0.6002, higherIsBetter: false),
        ],
        ChampionAge = TimeSpan.FromDays(1.5),
    };

    [Fact]
    public void Decide_BetterBeyondChance_Improves()
    {
        var decision = ModelGate.Decide(Better, Options);

        Assert.Equal(GateVerdict.Improve, decision.Verdict);
        Assert.Contains(
            decision.Reasons, reason => reason.Contains("auc 0.7140 against 0.7000, better by 2.00%", StringComparison.Ordinal));
    }

    [Fact]
    public void Decide_EqualAndTheChampionStale_Refreshes()
    {
        var decision = ModelGate.Decide(Equal, Options);

        Assert.Equal(GateVerdict.Refresh, decision.Verdict);
        Assert.Contains(decision.Reasons, reason => reason.Contains("1.5 days older than the newest there is", StringComparison.Ordinal));
    }

    [Fact]
    public void Decide_EqualAndTheChampionFresh_IsRefusedUnlessTheDataDrifted()
    {
        var fresh = Equal with { ChampionAge = TimeSpan.FromHours(12) };
        Assert.Equal(GateVerdict.Refused, ModelGate.Decide(fresh, Options).Verdict);

        var decision = ModelGate.Decide(fresh with { Drifted = ["item_age_days"] }, Options);
        Assert.Equal(GateVerdict.Refresh, decision.Verdict);
        Assert.Contains(decision.Reasons, reason => reason.Contains("item_age_days", StringComparison.Ordinal));
    }

    [Fact]
    public void Decide_HalfAPercentBetterAndFresh_IsRefusedByTheGain() =>
        Refused(Replaced(Better, Figure(GateMetrics.Auc, 0.70, 0.7035)), "auc");

    [Fact]
    public void Decide_GainThatMayBeChance_IsRefusedByTheGain() =>
        Refused(Replaced(Better, Figure(GateMetrics.Auc, 0.70, 0.714, noise: 0.02)), "auc");

    [Fact]
    public void Decide_ListNoBetter_IsRefusedByTheList() => Refused(Replaced(Better, Figure(GateMetrics.Ndcg, 0.20, 0.199)), "ndcg_at_10");

    [Fact]
    public void Decide_LossSurelyHigher_IsRefusedByTheLoss() =>
        Refused(Replaced(Better, Figure(GateMetrics.LogLoss, 0.60, 0.62, higherIsBetter: false)), "log_loss");

    [Fact]
    public void Decide_RecallSurelyLower_IsRefusedByTheRecall() =>
        Refused(Replaced(Better, Figure(GateMetrics.Recall, 0.50, 0.48)), "recall_at_500");

    [Theory]
    [InlineData(0.95, 0.985, "auc_plausible")]
    [InlineData(0.70, 0.80, "gain_plausible")]
    public void Decide_TooGoodToBeTrue_IsRefused(double champion, double challenger, string by) =>
        RefusedAlways(Replaced(Better, Figure(GateMetrics.Auc, champion, challenger)), by);

    [Fact]
    public void Decide_AGainBeyondPastNights_IsRefusedAndWithinThemNot()
    {
        // Mean 0.4 %, deviation 0.11 %: from 2 %, twice the least gain, on nothing is believed.
        var evidence = Replaced(Better, Figure(GateMetrics.Auc, 0.70, 0.717));
        RefusedAlways(evidence with { PastAucGains = [0.003, 0.004, 0.005, 0.003, 0.005] }, "gain_plausible");
        // Nights that differed by up to 3 % make 2.4 % credible.
        Assert.True(ModelGate.Decide(evidence with { PastAucGains = [0.0, 0.03, -0.01, 0.02, 0.01] }, Options).Passed);
    }

    [Fact]
    public void Decide_WildNightsBefore_NeverMakeMoreCredibleThanTheOption()
    {
        var evidence = Replaced(Better, Figure(GateMetrics.Auc, 0.60, 0.69)) with { PastAucGains = [0, 0, 0, 0, 0.5] };

        // Mean and deviation of such nights would let 99 % pass.
        Assert.Contains("believed up to +10.00%", RefusedAlways(evidence, "gain_plausible"), StringComparison.Ordinal);
    }

    // Harm that an interval of several challengers takes for chance, and one of 95 % does not.
    [Fact]
    public void Decide_OneOfSeveralThatIsSurelyWorse_IsRefusedAsIfItWereTheOnlyOne()
    {
        Refused(Replaced(Better, OneOfMany(Figure(GateMetrics.LogLoss, 0.60, 0.603, higherIsBetter: false), 0.004)), "log_loss");
        Refused(Replaced(Better, OneOfMany(Figure(GateMetrics.Recall, 0.50, 0.497), 0.004)), "recall_at_500");
        var found = Replaced(Better, OneOfMany(Figure(GateMetrics.Recall, 0.50, 0.497), 0.004)) with
        {
            Found = OneOfMany(Figure(GateMetrics.Recall, 0.50, 0.497), 0.004),
        };
        Refused(found, "recall_at_500");
        Refused(Replaced(Better with { Champion = null }, OneOfMany(Figure(GateMetrics.Recall, 0.50, 0.497), 0.004)), "recall_at_500");
        // 10.7 % more: surely beyond 10 % from 10.4 to 11.0, not from 8.6 to 12.9.
        RefusedAlways(Replaced(Better, OneOfMany(Figure(GateMetrics.Auc, 0.70, 0.775), 0.015)), "gain_plausible");
        RefusedAlways(Better with { Segments = [OneOfMany(Segment("user=new", 0.60, 0.587, noise: 0.01), 0.02)] }, "segment user=new");
        RefusedAlways(
            Replaced(Better, OneOfMany(Figure(GateMetrics.Latency, 5.0, 7.0, higherIsBetter: false, noise: 1.9), 2.1)), "latency");
    }

    [Fact]
    public void Decide_OneOfSeveralThatMayBeLucky_MustBeBetterByTheWiderInterval()
    {
        Refused(Replaced(Better, OneOfMany(Figure(GateMetrics.Auc, 0.70, 0.714), 0.02)), "auc");
        Refused(Replaced(Better with { Champion = null }, OneOfMany(Figure(GateMetrics.Auc, 0.70, 0.714), 0.02)), "auc");
        // Within 1 % of the champion's AUC by the one interval, 1.4 % below it by the other.
        var refreshed = Replaced(Equal, OneOfMany(Figure(GateMetrics.Auc, 0.70, 0.7005), 0.0105));
        Assert.False(ModelGate.Decide(refreshed, Options).Passed);
    }

    [Fact]
    public void Decide_OneFeatureKnowsTheLabel_IsRefusedByItsName() =>
        Assert.Contains("clicked_later", RefusedAlways(Better with { BestFeature = ("clicked_later", 0.97) }, "feature_plausible"),
            StringComparison.Ordinal);

    [Fact]
    public void Decide_SkewedFeatures_AreNamed() =>
        Assert.Contains("item_ctr_1d", RefusedAlways(Better with { Skewed = ["item_ctr_1d"] }, "skew"), StringComparison.Ordinal);

    [Fact]
    public void Decide_WorseOnNewUsers_IsRefusedByTheSegment() =>
        RefusedAlways(Better with { Segments = [Segment("user=new", 0.60, 0.58)] }, "segment user=new");

    [Fact]
    public void Decide_ASegmentTooSmallToTell_DoesNotRefuse() =>
        Assert.True(ModelGate.Decide(Better with { Segments = [Segment("user=new", 0.60, 0.58, noise: 0.05)] }, Options).Passed);

    [Fact]
    public void Decide_SlowerBeyondTheMargin_IsRefusedByTheLatency() =>
        RefusedAlways(Replaced(Better, Figure(GateMetrics.Latency, 5.0, 7.0, higherIsBetter: false, noise: 0.2)), "latency");

    [Fact]
    public void Decide_SlowerByNextToNothing_DoesNotRefuse() =>
        Assert.True(ModelGate.Decide(
            Replaced(Better, Figure(GateMetrics.Latency, 0.50, 0.90, higherIsBetter: false, noise: 0.02)), Options).Passed);

    [Fact]
    public void Decide_AGainThatMayBeChance_IsNoLeak()
    {
        // 14 % more, 8 to 20: what is believed lies within.
        var decision = ModelGate.Decide(Replaced(Better, Figure(GateMetrics.Auc, 0.70, 0.80, noise: 0.04)), Options);

        Assert.True(decision.Passed, decision.ToText());
    }

    [Fact]
    public void Decide_WhatTheChampionShowed_IsNoMeasureOfWhatAnotherFinds()
    {
        var lower = Replaced(Better, Figure(GateMetrics.Recall, 0.95, 0.70));

        Refused(lower, "recall_at_500");
        Assert.True(ModelGate.Decide(lower with { Found = Figure(GateMetrics.Recall, 0.60, 0.70) }, Options).Passed);
        Refused(lower with { Found = Figure(GateMetrics.Recall, 0.75, 0.70) }, "recall_at_500");
    }

    [Fact]
    public void Decide_WhatPopularityShowed_IsNoMeasureEither()
    {
        var found = Figure(GateMetrics.Recall, 0.95, 0.70);

        Assert.True(ModelGate.Decide(Replaced(Better, Figure(GateMetrics.Recall, 0.70, 0.70)) with { Found = found }, Options).Passed);
        Refused(Replaced(Better, Figure(GateMetrics.Recall, 0.75, 0.70)) with { Found = found }, "recall_at_500");
    }

    [Fact]
    public void Decide_OffPolicyTooUnsure_SaysSoAndBlocksNothing()
    {
        var decision = ModelGate.Decide(
            Better with { OffPolicyGain = null, OffPolicyRefusal = "not asked, effective sample size 34 < 200" }, Options);

        Assert.True(decision.Passed);
        Assert.Contains("not asked, effective sample size 34 < 200", decision.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_OffPolicyValueSurelyLower_IsRefusedByIt() =>
        RefusedAlways(Better with { OffPolicyGain = new Estimate(-0.01, -0.015, -0.005) }, "off_policy");

    [Fact]
    public void Decide_WithoutImpressions_TheListDecides()
    {
        var lists = Better with { Metrics = [Figure(GateMetrics.Ndcg, 0.20, 0.21), Figure(GateMetrics.Recall, 0.50, 0.505)] };

        Assert.Equal(GateVerdict.Improve, ModelGate.Decide(lists, Options).Verdict);
        Refused(Replaced(lists, Figure(GateMetrics.Ndcg, 0.20, 0.2005)), "ndcg_at_10");
    }

    [Fact]
    public void Decide_NothingMeasured_IsRefused()
    {
        Assert.False(ModelGate.Decide(Better with { Metrics = [] }, Options).Passed);
        Assert.False(ModelGate.Decide(Equal with { Metrics = [] }, Options).Passed);
        Assert.False(ModelGate.Decide(Better with { Metrics = [], Champion = null }, Options).Passed);
    }

    [Fact]
    public void Decide_AChampionWithoutAnyHit_IsBeatenByOne()
    {
        var none = Replaced(Better, Figure(GateMetrics.Recall, 0, 0.01));
        Assert.Equal(GateVerdict.Improve, ModelGate.Decide(none, Options).Verdict);
        var both = Replaced(Better, Figure(GateMetrics.Recall, 0, 0, noise: 0));
        Assert.Equal(GateVerdict.Improve, ModelGate.Decide(both, Options).Verdict);
    }

    [Fact]
    public void Decide_TheFirstModel_HasToBeatPopularity()
    {
        var first = Better with { Champion = null };

        Assert.Equal(GateVerdict.First, ModelGate.Decide(first, Options).Verdict);
        Refused(Replaced(first, Figure(GateMetrics.Ndcg, 0.20, 0.19)), "ndcg_at_10");
        Refused(Replaced(first, Figure(GateMetrics.Ndcg, 0.20, 0.201)), "ndcg_at_10");
        Refused(Replaced(first, Figure(GateMetrics.Recall, 0.77, 0.06)), "recall_at_500");
        // Where what is popular filled the lists, it has found all that was chosen.
        var behind = Replaced(first, Figure(GateMetrics.Recall, 0.77, 0.40));
        Refused(behind with { Reach = (0.09, 0.10) }, "recall_at_500");
        Assert.Equal(GateVerdict.First, ModelGate.Decide(behind with { Reach = (0.38, 0.10) }, Options).Verdict);
        RefusedAlways(first with { BestFeature = ("clicked_later", 0.99) }, "feature_plausible");
    }

    [Fact]
    public void Reasons_OfARefusal_SayWhatWasNotMet()
    {
        var first = ModelGate.Decide(Replaced(Better with { Champion = null }, Figure(GateMetrics.Ndcg, 0.20, 0.201)), Options);
        Assert.Equal(
            ["ndcg@10 0.2010 is not above popularity's 0.2000 beyond chance (-0.50% to +1.50%)"], first.Reasons);

        // Fresh, so that neither way leads through.
        var worse = Replaced(Equal with { ChampionAge = TimeSpan.FromHours(12) }, Figure(GateMetrics.Auc, 0.70, 0.693));
        var reasons = ModelGate.Decide(worse, Options).Reasons;
        Assert.StartsWith("improve: auc 0.6930 against 0.7000, worse by 1.00% (", reasons[0], StringComparison.Ordinal);
        Assert.EndsWith("does not meet: at least +1.00% and above 0 beyond chance", reasons[0], StringComparison.Ordinal);
        Assert.StartsWith(
            "refresh: the champion's newest event is 0.5 days older than the newest there is", reasons[^1], StringComparison.Ordinal);
        Assert.All(reasons, reason => Assert.Matches("^(improve|refresh): ", reason));
    }

    [Fact]
    public void Decide_NothingThatCouldBeJudged_IsRefusedWithTheReasonAlone()
    {
        var decision = ModelGate.Decide(Better with { Fault = "it could not be fitted" }, Options);

        Assert.Equal((GateVerdict.Refused, false), (decision.Verdict, Assert.Single(decision.Criteria).Passed));
        Assert.Equal(["it could not be fitted"], decision.Reasons);
    }

    [Fact]
    public void ToText_OfADecision_NamesEveryCriterionAndVerdict()
    {
        var decision = ModelGate.Decide(Better, Options);
        var text = decision.ToText();

        Assert.StartsWith("v1.0.1 against v1.0.0: improve", text, StringComparison.Ordinal);
        Assert.All(decision.Criteria, criterion => Assert.Contains(criterion.Name, text, StringComparison.Ordinal));
    }

    private static void Refused(GateEvidence evidence, string by)
    {
        var decision = ModelGate.Decide(evidence, Options);
        Assert.Equal(GateVerdict.Refused, decision.Verdict);
        Assert.Equal(
            [by], decision.Criteria.Where(c => c is { Passed: false, Rule: GateRule.Improve or GateRule.First }).Select(c => c.Name));
    }

    private static string RefusedAlways(GateEvidence evidence, string by)
    {
        var decision = ModelGate.Decide(evidence, Options);
        Assert.Equal(GateVerdict.Refused, decision.Verdict);
        var failed = Assert.Single(decision.Criteria, criterion => criterion is { Passed: false, Rule: GateRule.Always });
        Assert.Equal(by, failed.Name);
        return Assert.Single(decision.Reasons);
    }

    private static GateEvidence Replaced(GateEvidence evidence, MetricComparison figure) => evidence with
    {
        Metrics = [.. evidence.Metrics.Select(known => known.Metric == figure.Metric ? figure : known)],
    };

    // The figure of one of several challengers: its interval is wider, and the one given is that by which harm is told.
    private static MetricComparison OneOfMany(MetricComparison figure, double noise)
    {
        var difference = figure.Difference.Value;
        return figure with
        {
            Difference = new Estimate(difference, difference - noise, difference + noise), Alone = figure.Difference.Interval,
        };
    }

    private static MetricComparison Segment(string name, double champion, double challenger, double noise = 0.003) =>
        Figure(GateMetrics.Auc, champion, challenger, noise: noise) with { Segment = name };

    private static MetricComparison Figure(
        string metric, double champion, double challenger, bool higherIsBetter = true, double noise = 0.002)
    {
        var difference = challenger - champion;
        return new MetricComparison(
            metric, champion, challenger, new Estimate(difference, difference - noise, difference + noise), higherIsBetter);
    }
}
