using System.Globalization;
using System.Security;
using System.Text;
using RecSys.Core.Monitoring.Alerts.Evaluation;
using static System.FormattableString;

namespace RecSys.Core.Monitoring.Alerts.Acting;

/// <summary>The values of a rule over time with its thresholds, as an SVG file.</summary>
internal static class LineChart
{
    private const int Width = 720, Height = 200, Left = 70, Top = 26, Bottom = 24;

    /// <param name="rule">Whose.</param>
    /// <param name="points">At least one.</param>
    public static string Of(AlertRule rule, IReadOnlyList<ValuePoint> points)
    {
        var thresholds = new[] { AlertLevel.Yellow, AlertLevel.Red }.Select(level => (level, value: rule.Threshold(level)))
            .Where(each => each.value is not null).Select(each => (each.level, value: each.value!.Value)).ToList();
        var (first, last) = (points[0].At, points[^1].At);
        var most = Math.Max(points.Max(point => point.Value), thresholds.Max(each => each.value)) * 1.1;
        var span = Math.Max(1, (last - first).TotalSeconds);

        var svg = new StringBuilder();
        svg.Append(Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Left + Width + 10} {Top + Height + Bottom}\" "))
            .Append("font-family=\"sans-serif\" font-size=\"12\">")
            .Append(Invariant($"<rect x=\"{Left}\" y=\"{Top}\" width=\"{Width}\" height=\"{Height}\" "))
            .Append("fill=\"#f8fafc\" stroke=\"#cfd8e3\"/>");
        Text(Left, Top - 8, "start", rule.Name);
        foreach (var (level, value) in thresholds)
        {
            var colour = level == AlertLevel.Red ? "#c0392b" : "#b7860b";
            svg.Append(Invariant($"<line x1=\"{Left}\" x2=\"{Left + Width}\" y1=\"{Y(value):0.#}\" y2=\"{Y(value):0.#}\" "))
                .Append($"stroke=\"{colour}\" stroke-dasharray=\"5 4\"/>");
            Text(Left - 4, Y(value) + 4, "end", rule.Format(value));
        }
        svg.Append("<polyline fill=\"none\" stroke=\"#2563a8\" stroke-width=\"1.5\" points=\"")
            .AppendJoin(' ', points.Select(point => Invariant($"{X(point.At):0.#},{Y(point.Value):0.#}"))).Append("\"/>");
        Text(Left, Top + Height + 16, "start", first.ToString("HH:mm:ss", CultureInfo.InvariantCulture));
        Text(Left + Width, Top + Height + 16, "end", last.ToString("HH:mm:ss", CultureInfo.InvariantCulture));
        return svg.Append("</svg>\n").ToString();

        double X(DateTimeOffset at) => Left + Width * (at - first).TotalSeconds / span;
        double Y(double value) => Top + Height * (1 - Math.Max(0, value) / most);
        void Text(double x, double y, string anchor, string text) => svg
            .Append(Invariant($"<text x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\">")).Append(SecurityElement.Escape(text))
            .Append("</text>");
    }
}
