using System.Text;
using static System.FormattableString;
using RecSys.Core.Evaluation.Gate;
using RecSys.Core.Training.Nightly.Files;

namespace RecSys.Core.Training.Nightly.Judging;

/// <summary>The table of the comparison: metric, baseline, new, change, verdict.</summary>
internal static class ComparisonTable
{
    /// <summary>Plain text.</summary>
    public static string Of(NightEvaluation evaluation, GateFile gate)
    {
        var text = new StringBuilder();
        var name = evaluation.Champion ?? evaluation.Against;
        var range = LevelOf(evaluation) + " of the change";
        text.Append(Invariant($"{"metric",-20}{name,14}{NameOf(evaluation),14}{"change",12}  {range,-24}verdict\n"));
        foreach (var row in Rows(evaluation, gate))
            text.Append(Invariant($"{row.Metric,-20}{row.Before,14:0.0000}{row.After,14:0.0000}{row.Change,12}  "))
                .Append(Invariant($"{row.Range,-24}{row.Verdict}\n"));
        return text.ToString();
    }

    /// <summary>The heading of the challenger's figures.</summary>
    public static string NameOf(NightEvaluation evaluation) =>
        evaluation.Challenger == JudgedModel.Challenger ? "new" : evaluation.Challenger;

    /// <summary>Coverage of the intervals, such as <c>95 %</c>.</summary>
    public static string LevelOf(NightEvaluation evaluation) => Invariant($"{100 * evaluation.Level:0.##} %");

    /// <summary>The rows of the table in words and figures, those of segments last.</summary>
    public static IReadOnlyList<Row> Rows(NightEvaluation evaluation, GateFile gate) =>
        [.. evaluation.Metrics.Concat(evaluation.Segments).Select(difference => RowOf(difference, gate))];

    private static Row RowOf(JudgedDifference difference, GateFile gate)
    {
        var gain = difference.ToComparison().Gain;
        // Losses and times shrink when they improve, so their change has the other sign.
        var sign = difference.HigherIsBetter ? 1 : -1;
        return new Row(
            difference.Segment is { } segment ? $"{difference.Metric} {segment}" : difference.Metric, difference.Before, difference.After,
            Percent(sign * gain.Value),
            $"{Percent(Math.Min(sign * gain.Low, sign * gain.High))} to {Percent(Math.Max(sign * gain.Low, sign * gain.High))}",
            VerdictOf(difference, gate, gain.Low > 0 ? "better" : gain.High < 0 ? "worse" : "within noise"));
    }

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
    internal sealed record Row(string Metric, double Before, double After, string Change, string Range, string Verdict);
}
