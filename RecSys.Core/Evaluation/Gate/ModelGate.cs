using System.Globalization;
using static System.FormattableString;

namespace RecSys.Core.Evaluation.Gate;

/// <summary>
/// Decides whether a challenger may go towards users. Two ways lead through: <c>improve</c>, better beyond chance, and
/// <c>refresh</c>, surely not worse than stated margins while the champion's knowledge is old; without the second, a champion that is
/// hard to beat would serve for ever on old data. Neither forgoes the criteria of <see cref="GateRule.Always"/>: too good to be true,
/// skew, segments, latency, off-policy value. What refuses harm goes by intervals of 95 % however many challengers there are; what asks
/// for more goes by intervals that allow for their number. A pure function of its evidence.
/// </summary>
public static class ModelGate
{
    private const string AucPlausible = "auc_plausible";
    private const string GainPlausible = "gain_plausible";
    private const string FeaturePlausible = "feature_plausible";

    /// <summary>Names of the criteria that refuse what is too good to be true.</summary>
    public static IReadOnlyList<string> Plausibility { get; } = [AucPlausible, GainPlausible, FeaturePlausible];

    /// <summary>Judges one challenger.</summary>
    public static GateDecision Decide(GateEvidence evidence, GateOptions options)
    {
        if (evidence.Fault is { } fault)
            return new GateDecision(evidence.Champion, evidence.Challenger, GateVerdict.Refused,
                [Always("sound", passed: false, double.NaN, double.NaN, null, fault)]);
        List<GateCriterion> criteria = [.. Plausible(evidence, options), .. Always(evidence, options)];
        var sound = criteria.TrueForAll(criterion => criterion.Passed);
        if (evidence.Champion is null)
        {
            criteria.AddRange(First(evidence));
            return Decided(GateVerdict.First, GateRule.First);
        }
        criteria.AddRange(Improve(evidence, options));
        criteria.AddRange(Refresh(evidence, options));
        return Passes(GateRule.Improve) ? Decided(GateVerdict.Improve, GateRule.Improve) : Decided(GateVerdict.Refresh, GateRule.Refresh);

        bool Passes(GateRule rule) => sound && criteria.Where(criterion => criterion.Rule == rule).All(criterion => criterion.Passed);

        GateDecision Decided(GateVerdict verdict, GateRule rule) =>
            new(evidence.Champion, evidence.Challenger, Passes(rule) ? verdict : GateVerdict.Refused, criteria);
    }

    // Too good to be true.
    private static IEnumerable<GateCriterion> Plausible(GateEvidence evidence, GateOptions options)
    {
        if (evidence.Find(GateMetrics.Auc) is { } auc)
        {
            yield return Always(
                AucPlausible, auc.Challenger < options.MaxAuc, auc.Challenger, options.MaxAuc, null,
                Invariant($"AUC {auc.Challenger:F4}, believed below {options.MaxAuc:F2}: nearer to 1 it is a leak until proven otherwise"));
            if (evidence.Champion is not null)
            {
                var (bound, because) = MostBelieved(evidence.PastAucGains, options);
                var gain = auc.GainAlone;
                yield return Always(
                    GainPlausible, gain.Low <= bound, gain.Value, bound, gain,
                    Invariant($"AUC {gain.Value:+0.00%;-0.00%} ({Range(gain)}), ")
                        + Invariant($"believed up to {bound:+0.00%} and chance ({because})"));
            }
        }
        if (evidence.BestFeature is var (feature, alone))
            yield return Always(
                FeaturePlausible, alone < options.MaxFeatureAuc, alone, options.MaxFeatureAuc, null,
                Invariant($"{feature} alone has AUC {alone:F4}, believed below {options.MaxFeatureAuc:F2}, where it would know the label"));
    }

    private static (double Bound, string Because) MostBelieved(IReadOnlyList<double> past, GateOptions options)
    {
        if (past.Count < options.MinNights) return (options.MaxAucGain, "fewer nights than tell what is usual");
        var mean = past.Average();
        var deviation = Math.Sqrt(past.Sum(gain => (gain - mean) * (gain - mean)) / (past.Count - 1));
        var usual = Math.Max(2 * options.MinAucGain, mean + options.MaxDeviations * deviation);
        return (Math.Min(options.MaxAucGain, usual),
            string.Create(CultureInfo.InvariantCulture, $"by {past.Count} past {(past.Count == 1 ? "night" : "nights")}"));
    }

    private static IEnumerable<GateCriterion> Always(GateEvidence evidence, GateOptions options)
    {
        yield return evidence.Skewed is { } skewed
            ? Always("skew", skewed.Count == 0, skewed.Count, 0, null, skewed.Count == 0
                ? "no feature differs between serving and training"
                : $"{skewed.Count} features differ between serving and training: {string.Join(", ", skewed)}")
            : Always("skew", passed: true, double.NaN, 0, null, "not measured: nothing was served with features yet");
        foreach (var segment in evidence.Segments)
        {
            var gain = segment.GainAlone;
            yield return Always(
                $"segment {segment.Segment}", !(gain.Value < -options.SegmentLoss && gain.High < 0), gain.Value,
                -options.SegmentLoss, gain,
                Invariant($"AUC {gain.Value:+0.00%;-0.00%} ({Range(gain)}), refused beyond {-options.SegmentLoss:0.0%} and chance"));
        }
        if (evidence.Find(GateMetrics.Latency) is { } latency)
            yield return Always(
                "latency", !IsSlower(latency, options), latency.Gain.Value, -options.LatencyLoss, latency.GainAlone,
                Invariant($"{latency.Challenger:0.###} ms against {latency.Champion:0.###} ms, at most {options.LatencyLoss:0%} or ")
                    + Invariant($"{options.LatencyLossMs:0.##} ms slower"));
        yield return evidence.OffPolicyGain is { } value
            ? Always("off_policy", value.High >= 0, value.Value, 0, value,
                Invariant($"reward per explored place {value.Value:+0.0000;-0.0000} ({value.Low:+0.0000;-0.0000} to ")
                    + Invariant($"{value.High:+0.0000;-0.0000})"))
            : Always("off_policy", passed: true, double.NaN, 0, null,
                evidence.OffPolicyRefusal ?? "not measured: serving does not explore");
    }

    // A small forest is easily half as slow again as a tiny one, and nobody feels it.
    private static bool IsSlower(MetricComparison latency, GateOptions options) =>
        latency.Gain.Value < -options.LatencyLoss && latency.GainAlone.High < 0 && latency.Difference.Value > options.LatencyLossMs;

    private static IEnumerable<GateCriterion> First(GateEvidence evidence)
    {
        MetricComparison[] figures = [.. evidence.Metrics.Where(figure => figure.Metric is GateMetrics.Auc or GateMetrics.Ndcg)];
        if (figures.Length == 0)
            yield return new GateCriterion(
                GateRule.First, "measured", false, double.NaN, double.NaN, null, "nothing was measured: there are no test rows");
        foreach (var figure in figures)
        {
            var (metric, above) = (figure.Metric, figure.Difference.Low > 0);
            yield return new GateCriterion(
                GateRule.First, Id(metric), above, figure.Challenger, figure.Champion, figure.Difference,
                Invariant($"{metric} {figure.Challenger:F4} is {(above ? "" : "not ")}above popularity's {figure.Champion:F4} ")
                    + $"beyond chance ({Range(figure.Gain)})");
        }
        // What ranks shown lists well may still find nothing of its own in the catalogue. Until there is a model, what is popular fills
        // the lists and has found whatever was chosen: a model that finds less must find more than chance does.
        if (evidence.Find(GateMetrics.Recall) is { } recall)
        {
            var reach = evidence.Reach;
            var level = recall.DifferenceAlone.High >= 0;
            var reaches = reach?.Low > reach?.Chance;
            yield return new GateCriterion(
                GateRule.First, Id(GateMetrics.Recall), level || reaches, recall.Challenger, recall.Champion, recall.DifferenceAlone,
                Invariant($"{GateMetrics.Recall} {recall.Challenger:F4} is {(level ? "not " : "")}below popularity's {recall.Champion:F4}")
                    + (level || reach is not { } found ? ""
                        : Invariant($"{(reaches ? ", but" : ", and not")} above that of items drawn at random, {found.Chance:F4},"))
                    + " beyond chance");
        }
    }

    private static IEnumerable<GateCriterion> Improve(GateEvidence evidence, GateOptions options)
    {
        // Without impressions there is no AUC, and the list has to show it.
        var main = evidence.Main?.Metric ?? GateMetrics.Ndcg;
        yield return Asked(GateRule.Improve, evidence, main, options.MinAucGain,
            gain => gain.Value >= options.MinAucGain && gain.Low > 0, "at least", "and above 0 beyond chance", required: true);
        if (main != GateMetrics.Ndcg)
            yield return Asked(GateRule.Improve, evidence, GateMetrics.Ndcg, 0, gain => gain.Value > 0, "above", "");
        yield return NotBelow(evidence, GateMetrics.LogLoss);
        yield return evidence.Found is { } found
            ? Found(GateRule.Improve, evidence, found) : NotBelow(evidence, GateMetrics.Recall);
    }

    private static GateCriterion NotBelow(GateEvidence evidence, string metric) => Asked(
        GateRule.Improve, evidence, metric, 0, gain => gain.High >= 0, "not below", "beyond chance", harm: true);

    private static IEnumerable<GateCriterion> Refresh(GateEvidence evidence, GateOptions options)
    {
        foreach (var (metric, margin) in new[]
        {
            (GateMetrics.Auc, options.PredictionMargin), (GateMetrics.LogLoss, options.PredictionMargin),
            (GateMetrics.Ndcg, options.ListMargin), (GateMetrics.Recall, options.ListMargin),
        })
        {
            if (metric == GateMetrics.Recall && evidence.Found is { } found)
            {
                yield return Found(GateRule.Refresh, evidence, found);
                continue;
            }
            var required = metric == GateMetrics.Ndcg && evidence.Find(GateMetrics.Auc) is null;
            yield return Asked(
                GateRule.Refresh, evidence, metric, -margin, gain => gain.Low >= -margin, "surely not below", "", required);
        }
        var days = evidence.ChampionAge.TotalDays;
        var (stale, drifted) = (days > options.StaleAfterDays, evidence.Drifted.Count > 0);
        yield return new GateCriterion(
            GateRule.Refresh, "due", stale || drifted, days, options.StaleAfterDays, null, (stale, drifted) switch
            {
                (true, _) => Behind(days, options.StaleAfterDays),
                (_, true) => $"the data drifted: {string.Join(", ", evidence.Drifted)}",
                _ => $"{Behind(days, options.StaleAfterDays)}; no drift",
            });
    }

    // What users could choose was in the lists, so whoever filled them has an advantage: the champion by its candidates, popularity by the
    // places that it fills. Towers that find nothing are below both.
    private static GateCriterion Found(GateRule rule, GateEvidence evidence, MetricComparison popular)
    {
        var champion = evidence.Find(GateMetrics.Recall);
        var passed = popular.DifferenceAlone.High >= 0 || champion is { GainAlone.High: >= 0 };
        return new GateCriterion(
            rule, Id(GateMetrics.Recall), passed, popular.Challenger, popular.Champion, popular.DifferenceAlone,
            Invariant($"{GateMetrics.Recall} {popular.Challenger:F4} against popularity's {popular.Champion:F4}")
                + (champion is null ? "" : Invariant($" and the champion's {champion.Champion:F4}"))
                + (passed ? ", not below" : ", below what was asked: not below")
                + " one of them beyond chance: both have an advantage where lists are filled by them");
    }

    private static GateCriterion Asked(
        GateRule rule, GateEvidence evidence, string metric, double bound, Func<Estimate, bool> passes, string how, string also,
        bool required = false, bool harm = false)
    {
        if (evidence.Find(metric) is not { } figure)
            return new GateCriterion(
                rule, Id(metric), !required, double.NaN, bound, null, $"{metric} not measured: the test rows cannot give it");
        var gain = harm ? figure.GainAlone : figure.Gain;
        var passed = passes(gain);
        return new GateCriterion(
            rule, Id(metric), passed, gain.Value, bound, gain,
            Invariant($"{metric} {figure.Challenger:F4} against {figure.Champion:F4}, {GateWords.Change(gain)}; ")
                + (passed ? "" : "does not meet: ") + Invariant($"{how} {bound:+0.00%;-0.00%;0} {also}").TrimEnd());
    }

    private static GateCriterion Always(
        string name, bool passed, double value, double bound, Estimate? interval, string reason) =>
        new(GateRule.Always, name, passed, value, bound, interval, reason);

    private static string Behind(double days, double most) =>
        Invariant($"the champion's newest event is {days:0.#} days older than the newest there is, stale beyond {most:0.#}");

    private static string Id(string metric) => metric.Replace("@", "_at_", StringComparison.Ordinal);

    private static string Range(Estimate gain) => GateWords.Range(gain);
}
