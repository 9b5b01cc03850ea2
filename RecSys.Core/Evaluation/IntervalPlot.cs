using System.Globalization;
using System.Text;

namespace RecSys.Core.Evaluation;

/// <summary>One figure of all models as a picture in text: where each stands on a common scale, and how wide its interval is.</summary>
internal static class IntervalPlot
{
    private const int Columns = 72;

    /// <param name="text">Gets the picture; nothing where fewer than two models have the figure with an interval.</param>
    /// <param name="figure">Name of the figure.</param>
    /// <param name="rows">The models.</param>
    public static void Append(StringBuilder text, string figure, IReadOnlyList<EvaluationRow> rows)
    {
        var shown = rows.Where(row => row[figure] is not null && row.Intervals?.ContainsKey(figure) == true).ToArray();
        if (shown.Length < 2) return;
        var (low, high) = (shown.Min(row => row.Intervals![figure].Low), shown.Max(row => row.Intervals![figure].High));
        if (high <= low) return;
        var width = shown.Select(row => row.Model.Length).Append(figure.Length).Max();
        var (left, right) = (low.ToString("0.0000", CultureInfo.InvariantCulture), high.ToString("0.0000", CultureInfo.InvariantCulture));
        text.Append(figure.PadRight(width)).Append("  ").Append(left).Append(right.PadLeft(Columns - left.Length)).Append('\n');
        foreach (var row in shown)
        {
            var interval = row.Intervals![figure];
            var line = new string(' ', Columns).ToCharArray();
            for (var at = Place(interval.Low); at <= Place(interval.High); at++) line[at] = '─';
            (line[Place(interval.Low)], line[Place(interval.High)]) = ('├', '┤');
            line[Place(row[figure]!.Value)] = '●';
            text.Append(row.Model.PadRight(width)).Append("  ").Append(new string(line).TrimEnd()).Append('\n');
        }
        text.Append('\n');

        int Place(double value) => (int)Math.Round((Math.Clamp(value, low, high) - low) / (high - low) * (Columns - 1));
    }
}
