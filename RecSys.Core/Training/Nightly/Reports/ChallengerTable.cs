using RecSys.Core.Training.Nightly.Challengers;
using RecSys.Core.Training.Nightly.Files;

namespace RecSys.Core.Training.Nightly.Reports;

/// <summary>The table of several challengers side by side.</summary>
internal static class ChallengerTable
{
    /// <param name="page">Gets the table.</param>
    /// <param name="all">The challengers.</param>
    /// <param name="publication">What became of them; null where it is not known yet.</param>
    /// <param name="best">Of those that passed; null for none.</param>
    public static void Add(HtmlPage page, IReadOnlyList<ChallengerReport> all, PublicationFile? publication, Challenger? best)
    {
        page.Heading("Challengers");
        page.Paragraph($"{all.Count} models of the same towers and rows, compared with {all[0].Gate.Champion ?? "popularity"}. Intervals "
            + "that say what is better are so wide that those of all hold at once with a chance of 95 %; those that say what is worse are "
            + "of 95 % each. Of those that pass, the best is the one whose gain has the highest lower end.");
        string[] columns = [":challenger", ":settings of its own", ":verdict", "figure", "least gain", ":version", ":"];
        page.Table(columns, all.Select(one => (string[])
        [
            one.Challenger.Name, one.Challenger.Settings, one.Gate.Verdict.ToString().ToLowerInvariant(),
            one.Gain is { } gain ? $"{gain.Metric} {ReportText.Number(gain.After)}" : "–",
            ReportText.Number(one.Gate.LeastGain ?? double.NaN), publication?.VersionOf(one.Challenger.Name, best?.Name) ?? "–",
            one.Challenger == best ? "best" : "",
        ]));
    }
}
