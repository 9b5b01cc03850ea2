using System.Globalization;
using System.Text;

namespace RecSys.Core.Evaluation;

/// <summary>
/// The tables below the models: what the ranker leans on, what groups of features add, and how far its probabilities can be believed.
/// </summary>
internal static class EvaluationDetails
{
    public static void Append(StringBuilder text, EvaluationReport report)
    {
        if (report.Seeds is { } seeds)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{seeds.Seeds.Count} seeds, mean ± standard deviation\n");
            foreach (var row in seeds.Models)
                text.Append(CultureInfo.InvariantCulture, $"{row.Model,-10} {row.Figure,-8} {row.Mean:0.0000} ±{row.Deviation:.0000}\n");
            foreach (var row in seeds.Differences)
                text.Append(CultureInfo.InvariantCulture,
                    $"{row.Model}: {row.Figure} {row.Difference:+0.0000;-0.0000} against {row.Against}, "
                        + $"between {row.Interval.Low:+0.0000;-0.0000} and {row.Interval.High:+0.0000;-0.0000}\n");
        }
        if (report.States is { } states)
        {
            text.Append("\nmodel           state             auc    gauc  log_loss     ece\n");
            foreach (var row in states)
                text.Append(CultureInfo.InvariantCulture,
                    $"{row.Model,-14}  {row.State,-12}  {Cell(row.Auc),7}  {Cell(row.Gauc),6}  {Cell(row.LogLoss),8}  {Cell(row.Ece),6}\n");
        }
        if (report.Groups is { } groups)
        {
            text.Append("\nfeature group  features  auc without  auc alone\n");
            foreach (var group in groups)
                text.Append(CultureInfo.InvariantCulture,
                    $"{group.Group,-13}  {group.Features,8}  {Cell(group.AucWithout),11}  {Cell(group.AucAlone),9}\n");
        }
        if (report.Importance is { } features)
        {
            var width = features.Select(feature => feature.Feature.Length).Append(7).Max();
            text.Append('\n').Append("feature".PadRight(width)).Append("  gain share  auc loss if shuffled\n");
            foreach (var feature in features)
                text.Append(feature.Feature.PadRight(width)).Append(
                    CultureInfo.InvariantCulture, $"  {feature.GainShare,10:0.0000}  {Cell(feature.AucLoss),20}\n");
        }
        if (report.Position is { } position) text.Append("\nposition ").Append(position.ToText()).Append('\n');
        if (report.Reliability is not { } bins) return;
        text.Append("\nreliability of two-stage: rows  predicted  observed\n");
        foreach (var bin in bins)
            text.Append(CultureInfo.InvariantCulture, $"{bin.Rows,30}  {bin.Predicted,9:0.0000}  {bin.Observed,8:0.0000}\n");
    }

    private static string Cell(double? value) =>
        value is { } v && double.IsFinite(v) ? v.ToString("0.0000", CultureInfo.InvariantCulture) : "-";
}
