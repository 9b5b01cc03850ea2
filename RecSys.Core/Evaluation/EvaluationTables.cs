using System.Globalization;
using System.Text;
using System.Text.Json;

namespace RecSys.Core.Evaluation;

/// <summary>The two tables of a report, of lists made and of impressions judged, no line longer than 120 characters.</summary>
internal static class EvaluationTables
{
    private const string Legend = """
        knows, when it is asked: cut = what was before the cut, user = also what the user did before the request,
        all = everything before the request, and its time. ± is half of a 95 % interval (by bootstrap over users).

        """;

    private static readonly (string Figure, bool HasInterval)[] choices =
    [
        (Figures.HitRateAt10, true), (Figures.HitRateAt50, false), (Figures.NdcgAt10, true), (Figures.Mrr, false),
        (Figures.RecallAt500, false), (Figures.Coverage, false),
    ];

    private static readonly (string Figure, bool HasInterval)[] impressions =
    [
        (Figures.Auc, true), (Figures.Gauc, true), (Figures.LogLoss, false), (Figures.Ece, false), (Figures.ListAuc, true),
        (Figures.ListNdcg, false), (Figures.ListMrr, false),
    ];

    // All of them are in the JSON; more than these nobody reads.
    private static readonly string[] compared = [Figures.HitRateAt10, Figures.NdcgAt10, Figures.Auc, Figures.Gauc, Figures.ListAuc];

    public static void Append(StringBuilder text, EvaluationReport report)
    {
        Table(text, "next item", report.Rows, choices);
        Table(text, "impressions", report.Rows, impressions);
        foreach (var figure in compared)
        {
            foreach (var row in report.Rows)
            {
                if (row.AboveBestBaseline?.TryGetValue(figure, out var above) == true) text.Append(Line(row.Model, figure, above));
            }
        }
        text.Append('\n');
        IntervalPlot.Append(text, Figures.NdcgAt10, report.Rows);
        IntervalPlot.Append(text, Figures.Auc, report.Rows);
        text.Append(Legend);
    }

    private static void Table(
        StringBuilder text, string title, IReadOnlyList<EvaluationRow> rows, (string Figure, bool HasInterval)[] columns)
    {
        var shown = rows.Where(row => columns.Any(column => row[column.Figure] is not null)).ToArray();
        if (shown.Length == 0) return;
        var width = shown.Select(row => row.Model.Length).Append(title.Length).Max();
        text.Append(title.PadRight(width)).Append("  knows");
        foreach (var column in columns) text.Append("  ").Append(column.Figure.PadLeft(Width(column)));
        text.Append('\n');
        foreach (var row in shown)
        {
            text.Append(row.Model.PadRight(width)).Append("  ").Append(Name(row.Knows).PadRight(5));
            foreach (var column in columns) text.Append("  ").Append(Cell(row, column).PadLeft(Width(column)));
            text.Append('\n');
        }
        text.Append('\n');
    }

    private static int Width((string Figure, bool HasInterval) column) =>
        Math.Max(column.Figure.Length, column.HasInterval ? "0.0000 ±.0000".Length : "0.0000".Length);

    private static string Cell(EvaluationRow row, (string Figure, bool HasInterval) column)
    {
        if (row[column.Figure] is not { } value || !double.IsFinite(value)) return "-";
        var text = value.ToString("0.0000", CultureInfo.InvariantCulture);
        if (!column.HasInterval || row.Intervals?.TryGetValue(column.Figure, out var interval) != true) return text;
        return text + " ±" + interval.Half.ToString(".0000", CultureInfo.InvariantCulture);
    }

    private static string Line(string model, string figure, Advantage above)
    {
        var best = above.BestOn == Advantage.OnValidation ? "best on validation" : "best on the test";
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{model}: {figure} {above.Difference:+0.0000;-0.0000} against {above.Baseline} ({best})");
        return above.Interval is { } interval
            ? text + string.Create(CultureInfo.InvariantCulture,
                $", between {interval.Low:+0.0000;-0.0000} and {interval.High:+0.0000;-0.0000}\n")
            : text + "\n";
    }

    private static string Name(Knowledge knows) => JsonNamingPolicy.SnakeCaseLower.ConvertName(knows.ToString());
}
