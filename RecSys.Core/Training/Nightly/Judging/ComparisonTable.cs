using System.Text;
using static System.FormattableString;
using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.Gate;
using RecSys.Core.Training.Nightly.Files;

namespace RecSys.Core.Training.Nightly.Judging;

/// <summary>The table of the comparison: metric, baseline, new, change, verdict.</summary>
internal static class ComparisonTable
{
    private const string Usual = "95 %";
    private const double UsualLevel = 0.95;

    /// <summary>Plain text.</summary>
    public static string Of(NightEvaluation evaluation, GateFile gate)
    {
        var text = new StringBuilder();
        var name = evaluation.Champion ?? evaluation.Against;
        text.Append(Invariant($"{"metric",-20}{name,14}{NameOf(evaluation),14}{"change",12}  "));
        foreach (var range in RangesOf(evaluation)) text.Append(Invariant($"{range,-24}"));
        text.Append("verdict\n");
        foreach (var row in Rows(evaluation, gate))
        {
            text.Append(Invariant($"{row.Metric,-20}{row.Before,14:0.0000}{row.After,14:0.0000}{row.Change,12}  "));
            foreach (var range in row.Ranges) text.Append(Invariant($"{range,-24}"));
            text.Append(row.Verdict).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>
    /// The headings of the intervals: 95 %, by which harm is told, and of several challengers before it the wider one, by which it is told
    /// what is better.
    /// </summary>
    public static IReadOnlyList<string> RangesOf(NightEvaluation evaluation) =>
        IsWider(evaluation) ? [LevelOf(evaluation) + " of the change", Usual + " of it"] : [Usual + " of the change"];

    /// <summary>The heading of the challenger's figures.</summary>
    public static string NameOf(NightEvaluation evaluation) =>
        evaluation.Challenger == JudgedModel.Challenger ? "new" : evaluation.Challenger;

    /// <summary>Coverage of the intervals by which it is told what is better, such as <c>98.75 %</c>.</summary>
    public static string LevelOf(NightEvaluation evaluation) => Invariant($"{100 * evaluation.Level:0.##} %");

    /// <summary>
    /// The rows of the table in words and figures: what is compared with an interval, what both models have and is shown alone, segments.
    /// </summary>
    public static IReadOnlyList<Row> Rows(NightEvaluation evaluation, GateFile gate)
    {
        return [.. Compared(evaluation.Metrics), .. Shown(evaluation), .. Compared(evaluation.Segments)];

        IEnumerable<Row> Compared(IEnumerable<JudgedDifference> differences) =>
            differences.Select(difference => RowOf(difference, gate, IsWider(evaluation)));
    }

    // Calibration error, coverage and the like.
    private static IEnumerable<Row> Shown(NightEvaluation evaluation)
    {
        var (before, after) = (ValuesOf(evaluation.Against), ValuesOf(evaluation.Challenger));
        foreach (var name in after.Keys.Except(evaluation.Metrics.Select(difference => difference.Metric)).Where(before.ContainsKey))
        {
            var (was, has) = (before[name], after[name]);
            var change = new MetricComparison(name, was, has, new Estimate(has - was, double.NaN, double.NaN)).Gain.Value;
            yield return new Row(name, was, has, Percent(change), [.. RangesOf(evaluation).Select(_ => "")], "not judged");
        }

        IReadOnlyDictionary<string, double> ValuesOf(string name) =>
            evaluation.Models.FirstOrDefault(model => model.Name == name)?.Values ?? new Dictionary<string, double>();
    }

    private static bool IsWider(NightEvaluation evaluation) => evaluation.Level > UsualLevel;

    private static Row RowOf(JudgedDifference difference, GateFile gate, bool isWider)
    {
        var comparison = difference.ToComparison();
        var (gain, alone) = (comparison.Gain, comparison.GainAlone);
        // Losses and times shrink when they improve, so their change has the other sign.
        var sign = difference.HigherIsBetter ? 1 : -1;
        return new Row(
            difference.Segment is { } segment ? $"{difference.Metric} {segment}" : difference.Metric, difference.Before, difference.After,
            Percent(sign * gain.Value),
            // What can only count against a challenger has one of 95 % alone.
            isWider ? [difference.Alone is null ? "" : RangeOf(gain, sign), RangeOf(alone, sign)] : [RangeOf(gain, sign)],
            VerdictOf(difference, gate, gain.Low > 0 ? "better" : alone.High < 0 ? "worse" : "within noise"));
    }

    private static string RangeOf(Estimate gain, int sign) =>
        $"{Percent(Math.Min(sign * gain.Low, sign * gain.High))} to {Percent(Math.Max(sign * gain.Low, sign * gain.High))}";

    private static string VerdictOf(JudgedDifference difference, GateFile gate, string measured)
    {
        var id = difference.Segment is { } segment ? $"segment {segment}"
            : difference.Metric == GateMetrics.Latency ? "latency" : difference.Metric.Replace("@", "_at_", StringComparison.Ordinal);
        var asked = gate.Criteria.Where(one => one.Name == id).ToArray();
        if (asked.Length == 0) return measured;
        var answers = asked.Select(one => $"{one.Rule.ToString().ToLowerInvariant()} {(one.Passed ? "ok" : "FAIL")}");
        return $"{measured}, {string.Join(", ", answers)}";
    }

    private static string Percent(double value) => Invariant($"{100 * value:+0.00;-0.00;0.00} %");

    /// <summary>One line.</summary>
    /// <param name="Metric">What was measured.</param>
    /// <param name="Before">Of the other model.</param>
    /// <param name="After">Of the challenger.</param>
    /// <param name="Change">In percent of the other one's.</param>
    /// <param name="Ranges">One for each of <see cref="RangesOf"/>; empty where there is none.</param>
    /// <param name="Verdict">In words.</param>
    internal sealed record Row(string Metric, double Before, double After, string Change, IReadOnlyList<string> Ranges, string Verdict);
}
