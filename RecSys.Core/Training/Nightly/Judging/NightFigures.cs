using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;
using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.Gate;
using RecSys.Core.Evaluation.Intervals;
using RecSys.Core.Training.Nightly.Files;
using RecSys.Core.Training.Rows;

namespace RecSys.Core.Training.Nightly.Judging;

/// <summary>
/// The figures of all models and the differences between challengers and the model that they are compared with, by bootstrap over users:
/// each resample counts for all, so that the differences are paired.
/// </summary>
/// <param name="challengers">Names of the new models' rows.</param>
/// <param name="against">Name of the row that each is compared with.</param>
/// <param name="seed">Of the resamples.</param>
/// <param name="tail">
/// Share of the resamples that the interval of a difference leaves out at either end, where a figure may count for a challenger. What can
/// only count against one (times, segments) and the models' own figures have intervals of 95 %.
/// </param>
internal sealed class NightFigures(IReadOnlyList<string> challengers, string against, int seed, double tail)
{
    /// <summary>NDCG@10 of choices in the whole catalogue, where that of shown lists is the figure of the gate.</summary>
    public const string CatalogueNdcg = "catalogue_ndcg@10";

    public const string Novelty = "novelty";
    public const string Gini = "gini";
    public const string LatencyP50 = "latency_p50_ms";

    private readonly Dictionary<string, Dictionary<string, double>> values = [];
    private readonly Dictionary<string, Dictionary<string, Interval>> intervals = [];
    private readonly Dictionary<string, List<JudgedDifference>> differences = challengers.ToDictionary(name => name, _ =>
        new List<JudgedDifference>());

    /// <summary>Differences of a challenger so far, in the order of adding.</summary>
    public IReadOnlyList<JudgedDifference> DifferencesOf(string challenger) => differences[challenger];

    /// <summary>What was found of a model.</summary>
    public JudgedFigures Of(string model, string? version) => new(
        model, version, values.GetValueOrDefault(model) ?? [], intervals.GetValueOrDefault(model) ?? []);

    /// <summary>Figures of a family under their names, and those of them that are renamed.</summary>
    /// <param name="family">What to compute.</param>
    /// <param name="names">Names wanted, each with the name to give it.</param>
    /// <param name="rows">Test rows that it is about.</param>
    /// <param name="ct">Stops between resamples.</param>
    public void Add(FigureFamily family, IReadOnlyDictionary<string, string> names, int rows, CancellationToken ct)
    {
        ModelFigure[] wanted = [.. family.All.Where(figure => names.ContainsKey(figure.Name))];
        var resampled = Resampling.Run([.. wanted.Select(figure => figure.Value)], family.Units, seed, ct);
        var all = Enumerable.Repeat(1.0, family.Units).ToArray();
        for (var f = 0; f < wanted.Length; f++) Set(wanted[f].Model, names[wanted[f].Name], wanted[f].Value.Of(all), resampled.Of(f));
        foreach (var challenger in challengers)
        {
            foreach (var (name, given) in names) Compare(challenger, name, given);
        }

        void Compare(string challenger, string name, string given)
        {
            var after = Array.FindIndex(wanted, figure => figure.Model == challenger && figure.Name == name);
            var before = Array.FindIndex(wanted, figure => figure.Model == against && figure.Name == name);
            if (after < 0 || before < 0 || resampled.OfDifference(after, before, tail) is not { } interval) return;
            differences[challenger].Add(new JudgedDifference(
                given, wanted[before].Value.Of(all), wanted[after].Value.Of(all), interval.Low, interval.High, !Figures.IsLoss(name), null,
                rows)
            {
                Alone = tail == Resampling.Tail ? null : resampled.OfDifference(after, before),
            });
        }
    }

    /// <summary>A figure without an interval.</summary>
    public void Set(string model, string name, double value, Interval? interval = null)
    {
        if (!double.IsFinite(value)) return;
        if (!values.TryGetValue(model, out var own)) values.Add(model, own = []);
        own[name] = value;
        if (interval is not { } found) return;
        if (!intervals.TryGetValue(model, out var ownIntervals)) intervals.Add(model, ownIntervals = []);
        ownIntervals[name] = found;
    }

    /// <summary>What a list is recommended of, by the counts of items in the best ten.</summary>
    public void AddCatalogue(string model, long[] timesRecommended, long[] interactions)
    {
        Set(model, Figures.Coverage, CatalogueMetrics.Coverage(timesRecommended));
        Set(model, Novelty, CatalogueMetrics.Novelty(timesRecommended, interactions));
        Set(model, Gini, CatalogueMetrics.Gini(timesRecommended));
    }

    /// <summary>
    /// Times of the same requests by all models: quantiles, and the differences of the 99th with a bootstrap over requests.
    /// </summary>
    /// <param name="times">Milliseconds by model.</param>
    public void AddTimes(IReadOnlyDictionary<string, double[]> times)
    {
        foreach (var (model, own) in times)
        {
            if (own.Length == 0) continue;
            Set(model, LatencyP50, Quantile([.. own], 0.5));
            Set(model, GateMetrics.Latency, Quantile([.. own], 0.99));
        }
        if (!times.TryGetValue(against, out var before)) return;
        foreach (var challenger in challengers)
        {
            if (times.TryGetValue(challenger, out var after) && after.Length > 0)
                differences[challenger].Add(OfTimes(before, after));
        }
    }

    private JudgedDifference OfTimes(double[] before, double[] after)
    {
        var random = new Random(seed);
        var gaps = new double[Resampling.Samples];
        var (one, other) = (new double[after.Length], new double[after.Length]);
        for (var sample = 0; sample < gaps.Length; sample++)
        {
            for (var i = 0; i < one.Length; i++)
            {
                var drawn = random.Next(one.Length);
                (one[i], other[i]) = (after[drawn], before[drawn]);
            }
            gaps[sample] = Quantile(one, 0.99) - Quantile(other, 0.99);
        }
        return new JudgedDifference(
            GateMetrics.Latency, Quantile([.. before], 0.99), Quantile([.. after], 0.99), Quantile(gaps, Resampling.Tail),
            Quantile(gaps, 1 - Resampling.Tail), HigherIsBetter: false, null, after.Length);
    }

    /// <summary>
    /// AUC of a challenger and of what it is compared with by segment. The intervals are so wide that with a chance of 95 % all of them of
    /// this challenger hold at once (Bonferroni).
    /// </summary>
    public IReadOnlyList<JudgedDifference> Segments(
        string challenger, ImpressionJudging judging, SplitFile split, LogPast past, CancellationToken ct)
    {
        var segments = TestSegments.Of(judging.Shown, split, past);
        var (after, before) = (judging.Judged.First(one => one.Model == challenger), judging.Judged.First(one => one.Model == against));
        var units = FigureFamily.Numbered(judging.Shown.Users, out var count);
        var figures = segments.SelectMany(segment => new[] { after, before }.Select(IFigure (model) => new AucFigure(
            Array.ConvertAll(segment.Rows, row => model.Scores[row]), Array.ConvertAll(segment.Rows, row => judging.Shown.Clicked[row]),
            Array.ConvertAll(segment.Rows, row => units[row])))).ToArray();
        var resampled = Resampling.Run(figures, count, seed, ct);
        var all = Enumerable.Repeat(1.0, count).ToArray();
        // So far out a thousand resamples have hardly a value: the interval is the normal one with their deviation.
        var reach = -Normal.InvCDF(0, 1, Resampling.Tail / Math.Max(1, segments.Count));
        var found = new List<JudgedDifference>();
        for (var s = 0; s < segments.Count; s++)
        {
            double[] drawn = [.. resampled.Values(2 * s).Zip(resampled.Values(2 * s + 1), (one, other) => one - other)
                .Where(double.IsFinite)];
            if (drawn.Length < Resampling.Samples / 2) continue;
            var (worth, newWorth) = (figures[2 * s + 1].Of(all), figures[2 * s].Of(all));
            var half = reach * drawn.StandardDeviation();
            found.Add(new JudgedDifference(
                GateMetrics.Auc, worth, newWorth, newWorth - worth - half, newWorth - worth + half, HigherIsBetter: true,
                segments[s].Name, segments[s].Rows.Length));
        }
        return found;
    }

    // Sorts what it is given.
    private static double Quantile(double[] sample, double q)
    {
        Array.Sort(sample);
        return Quantiles.Of(sample, q);
    }
}
