using System.Text;
using static System.FormattableString;
using RecSys.Core.Evaluation;

namespace RecSys.Core.Training.Nightly.Reports;

/// <summary>The reliability curve: what was predicted against what was observed, on the same scale, with the diagonal of a calibrated model.</summary>
internal static class ReliabilityPicture
{
    private const int Side = 320;
    private const int Margin = 44;

    public static string Of(IReadOnlyList<ReliabilityBin> bins)
    {
        var most = Math.Max(0.01, bins.Max(bin => Math.Max(bin.Predicted, bin.Observed)) * 1.05);
        var svg = new StringBuilder();
        svg.Append(Invariant($"<svg width=\"{Side + 2 * Margin}\" height=\"{Side + 2 * Margin}\" role=\"img\" aria-label=\"reliability curve\">"));
        svg.Append(Invariant($"<rect x=\"{Margin}\" y=\"{Margin}\" width=\"{Side}\" height=\"{Side}\" fill=\"#f8fafc\" stroke=\"#cfd8e3\"/>"));
        svg.Append(Invariant($"<line x1=\"{Margin}\" y1=\"{Margin + Side}\" x2=\"{Margin + Side}\" y2=\"{Margin}\" stroke=\"#9aa8b8\" stroke-dasharray=\"4 4\"/>"));
        for (var tick = 0; tick <= 4; tick++)
        {
            var (at, value) = (Side * tick / 4.0, most * tick / 4);
            svg.Append(Invariant($"<text x=\"{Margin + at:0.#}\" y=\"{Margin + Side + 16}\" text-anchor=\"middle\">{value:0.###}</text>"));
            svg.Append(Invariant($"<text x=\"{Margin - 6}\" y=\"{Margin + Side - at + 4:0.#}\" text-anchor=\"end\">{value:0.###}</text>"));
        }
        var points = string.Join(' ', bins.Select(bin => Invariant($"{X(bin.Predicted):0.#},{Y(bin.Observed):0.#}")));
        svg.Append($"<polyline points=\"{points}\" fill=\"none\" stroke=\"#2563a8\" stroke-width=\"2\"/>");
        foreach (var bin in bins)
            svg.Append(Invariant($"<circle cx=\"{X(bin.Predicted):0.#}\" cy=\"{Y(bin.Observed):0.#}\" r=\"4\" fill=\"#2563a8\"/>"));
        svg.Append(Invariant($"<text x=\"{Margin + Side / 2}\" y=\"{Margin + Side + 34}\" text-anchor=\"middle\">mean prediction</text>"));
        svg.Append(Invariant($"<text x=\"{Margin}\" y=\"{Margin - 10}\">share of clicks</text></svg>"));
        return svg.ToString();

        double X(double value) => Margin + Side * value / most;
        double Y(double value) => Margin + Side - Side * value / most;
    }
}
