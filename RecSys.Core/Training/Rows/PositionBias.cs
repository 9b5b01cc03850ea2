using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Features;

namespace RecSys.Core.Training.Rows;

/// <summary>
/// Decides whether the position at which an item was shown may be a feature of the ranker's rows. It explains clicks as position bias
/// (Craswell et al., 2008) only where the log holds interventions: the same item, in lists of the same length, now earlier and now later,
/// and not because of who asked. Elsewhere it stands for something else, such as the length of a list or what an earlier ranker knew, and
/// serving, where it is 0 for all, would read that as if it were the top. Three tests, all of them to be passed:
/// <list type="number">
/// <item>Within a list the clicked items stand earlier. The length of the list is the same for all of them.</item>
/// <item>Within the impressions of one item in lists of one length the clicked ones stand earlier (intervention harvesting, Agarwal et al.,
/// 2019). What the item is like is the same for all of them.</item>
/// <item>There the place does not depend on what was known about the user and the item: no feature of relevance correlates with it.</item>
/// </list>
/// The first two are stratified rank sum tests (van Elteren, 1960) with an effect beyond <see cref="LeastAuc"/> and beyond noise. Noise is
/// reckoned as if the rows of one user were independent; they are not, so that the deviations come out too large where few users have many
/// rows, and <see cref="LeastAuc"/> has to hold what <see cref="LeastDeviations"/> lets pass.
/// </summary>
internal static class PositionBias
{
    /// <summary>The feature that the decision is about.</summary>
    public const string Feature = "position";

    /// <summary>A smaller effect than this is not worth a feature: area under the curve of the earlier place against the click.</summary>
    public const double LeastAuc = 0.51;

    /// <summary>Standard errors that an effect must be away from none.</summary>
    public const double LeastDeviations = 3;

    /// <summary>
    /// Largest correlation of place and relevance at which users count as comparable; a tenth of a standard deviation between halves, the
    /// usual bound of balance, is about this much.
    /// </summary>
    public const double MostCorrelation = 0.05;

    /// <summary>Features that an earlier ranker would have ordered by, as far as this program knows it.</summary>
    internal static IReadOnlyList<string> Relevance { get; } =
        ["expected_log_odds", "user_ctr_all", "user_category_ctr", "user_creator_ctr", "cosine_user", "follows_last_3"];

    /// <summary>Judges, and where the position may not stay sets its column to 0, as serving has it, in all rows.</summary>
    /// <param name="log">The log that the rows were made of by <see cref="ImpressionRows"/>.</param>
    /// <param name="rows">All of them.</param>
    /// <param name="catalogue">Names of the columns.</param>
    /// <param name="untilMs">Unix milliseconds; only rows before it are looked at, which are those that the ranker learns from.</param>
    public static PositionFinding Settle(InteractionLog log, RankerRows rows, FeatureCatalogue catalogue, long untilMs)
    {
        var finding = Judge(log, rows, catalogue, untilMs);
        Apply(finding, rows, catalogue);
        return finding;
    }

    /// <summary>What was found on other rows of the same log holds for these.</summary>
    public static void Apply(PositionFinding finding, RankerRows rows, FeatureCatalogue catalogue)
    {
        if (!finding.Used && ColumnOf(catalogue, Feature) is >= 0 and var column) rows.Clear(column);
    }

    /// <summary>Sets the column to 0 in rows that are judged, row-major: serving never knows where an item will stand.</summary>
    public static void AsServed(Span<float> matrix, FeatureCatalogue catalogue)
    {
        if (ColumnOf(catalogue, Feature) is >= 0 and var column) RankerRows.Clear(matrix, catalogue.Count, column);
    }

    private static PositionFinding Judge(InteractionLog log, RankerRows rows, FeatureCatalogue catalogue, long untilMs)
    {
        var shown = Shown(log, rows, untilMs);
        if (shown.Count == 0) return new PositionFinding(false, "no impression of the log carries a position");
        var byList = RankSumTest.Run(shown, s => s.List, s => s.Position, s => s.Clicked);
        var byItem = RankSumTest.Run(shown, s => (s.Item, s.Length), s => s.Position, s => s.Clicked);
        var columns = Relevance.Select(name => Require(catalogue, name)).ToArray();
        var (feature, correlation) = Correlation(shown, rows, catalogue, columns);
        var finding = new PositionFinding(false, "")
        {
            Impressions = shown.Count,
            Alone = AucOf(shown, s => s.Position),
            LengthAlone = AucOf(shown, s => s.Length),
            WithinLists = Known(byList.Auc),
            WithinListsDeviations = byList.Deviations,
            WithinItems = Known(byItem.Auc),
            WithinItemsDeviations = byItem.Deviations,
            RelevanceCorrelation = correlation,
            RelevanceFeature = feature,
        };
        return Refusal(finding, byList, byItem) is { } reason
            ? finding with { Reason = reason }
            : finding with { Used = true, Reason = "the same items were shown at different places to comparable users" };
    }

    private static string? Refusal(PositionFinding finding, RankSumTest byList, RankSumTest byItem)
    {
        if (byList.Pairs == 0) return "no list has both a clicked and an unclicked item (those of one list share user and moment)";
        if (!Passes(byList)) return Reason(byList, "within a list the place tells nothing", "within a list later places are clicked more");
        if (byItem.Pairs == 0) return "no item was shown at different places in lists of one length";
        if (!Passes(byItem)) return Reason(byItem, "the same item is clicked as often wherever it stands",
            "the same item is clicked more where it stands later");
        return Math.Abs(finding.RelevanceCorrelation) > MostCorrelation
            ? $"the place follows what was known of the user and the item ({finding.RelevanceFeature})" : null;
    }

    // By the figures that are printed beside it: beyond noise the place tells something, but not that earlier ones are looked at more.
    private static string Reason(RankSumTest test, string nothing, string opposite) =>
        test.Deviations <= -LeastDeviations ? $"{opposite}, which is no bias of attention"
            : test.Deviations >= LeastDeviations ? FormattableString.Invariant(
                $"earlier places are clicked more by too little to learn from (area below {LeastAuc:0.000})")
            : nothing;

    private static bool Passes(RankSumTest test) => test.Auc >= LeastAuc && test.Deviations >= LeastDeviations;

    // Without one of them, an order that follows it would pass for an intervention.
    private static int Require(FeatureCatalogue catalogue, string name) => ColumnOf(catalogue, name) is >= 0 and var column
        ? column
        : throw new InvalidOperationException($"The feature {name}, by which {nameof(PositionBias)} tells whether the position follows "
            + "relevance, is not in the catalogue; add it, or take it out of the list there.");

    private static int ColumnOf(FeatureCatalogue catalogue, string name)
    {
        for (var column = 0; column < catalogue.Count; column++)
        {
            if (catalogue.Names[column] == name) return column;
        }
        return -1;
    }

    private static List<ShownItem> Shown(InteractionLog log, RankerRows rows, long untilMs)
    {
        var shown = new List<ShownItem>();
        for (var list = 0; list < rows.ListCount; list++)
        {
            var (start, timeMs) = rows.ListAt(list);
            if (timeMs >= untilMs) continue;
            var end = list + 1 < rows.ListCount ? rows.ListAt(list + 1).Start : rows.Count;
            for (var row = start; row < end; row++)
            {
                ref readonly var e = ref log.Events[rows.Events[row]];
                if (e.Position >= 0) shown.Add(new ShownItem(row, list, e.Item, end - start, e.Position, rows.Labels[row] > 0));
            }
        }
        return shown;
    }

    private static double? AucOf(List<ShownItem> shown, Func<ShownItem, int> value) => Known(PointwiseMetrics.Auc(
        [.. shown.Select(s => (float)-value(s))], [.. shown.Select(s => s.Clicked)]));

    private static double? Known(double value) => double.IsNaN(value) ? null : value;

    // The largest correlation of place and a feature of relevance that is beyond noise, within item and length of the list.
    private static (string? Feature, double Correlation) Correlation(
        List<ShownItem> shown, RankerRows rows, FeatureCatalogue catalogue, int[] columns)
    {
        var strata = shown.GroupBy(s => (s.Item, s.Length)).Select(stratum => stratum.ToArray()).ToArray();
        (string? Feature, double Correlation) largest = (null, 0);
        foreach (var column in columns)
        {
            var (both, places, values, degrees) = (0.0, 0.0, 0.0, 0);
            foreach (var stratum in strata)
            {
                var known = Array.FindAll(stratum, s => float.IsFinite(rows.Values[s.Row * catalogue.Count + column]));
                if (known.Length < 2) continue;
                var (place, value) = (known.Average(s => s.Position), known.Average(s => rows.Values[s.Row * catalogue.Count + column]));
                foreach (var s in known)
                {
                    var (x, y) = (s.Position - place, rows.Values[s.Row * catalogue.Count + column] - value);
                    (both, places, values) = (both + x * y, places + x * x, values + y * y);
                }
                degrees += known.Length - 1;
            }
            if (places <= 0 || values <= 0) continue;
            var correlation = both / Math.Sqrt(places * values);
            if (Math.Abs(correlation) * Math.Sqrt(degrees) >= LeastDeviations && Math.Abs(correlation) > Math.Abs(largest.Correlation))
                largest = (catalogue.Names[column], correlation);
        }
        return largest;
    }

    private readonly record struct ShownItem(int Row, int List, int Item, int Length, int Position, bool Clicked);
}
