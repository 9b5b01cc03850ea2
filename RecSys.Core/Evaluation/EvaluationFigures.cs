using RecSys.Core.Evaluation.Baselines;
using RecSys.Core.Evaluation.Impressions;
using RecSys.Core.Evaluation.Intervals;

namespace RecSys.Core.Evaluation;

/// <summary>
/// Turns outcomes into the rows of a report: every figure, its interval by bootstrap over users, and of models that are no baselines how
/// far they are above the best baseline, paired.
/// </summary>
internal static class EvaluationFigures
{
    public static IReadOnlyList<EvaluationRow> Rows(TestOutcomes outcomes, int seed, CancellationToken cancellationToken)
    {
        var rows = outcomes.Ranked.Select(result => result.ToRow()).ToList();
        Measure(rows, FigureFamily.OfChoices(outcomes), outcomes.BaselineToBeat, seed, cancellationToken);
        if (outcomes.Impressions is not { } shown) return rows;
        foreach (var scores in outcomes.Judged)
        {
            var at = rows.FindIndex(row => row.Model == scores.Model);
            if (at < 0)
            {
                // What makes no lists stands with its like: baselines in front of models.
                at = IsBaseline(scores.Model) ? rows.FindLastIndex(row => IsBaseline(row.Model)) + 1 : rows.Count;
                rows.Insert(at, new EvaluationRow { Model = scores.Model, Knows = scores.Knows });
            }
            if (scores.Probabilities is { } probabilities)
                rows[at] = rows[at] with { Ece = CalibrationError.EqualCount(probabilities, shown.Clicked) };
        }
        Measure(rows, FigureFamily.OfUsers(shown, outcomes.Judged), null, seed, cancellationToken);
        Measure(rows, FigureFamily.OfLists(shown, outcomes.Judged), null, seed, cancellationToken);
        return rows;
    }

    // Where validation has named no baseline to beat, it is the best by each figure.
    private static void Measure(
        List<EvaluationRow> rows, FigureFamily family, string? toBeat, int seed, CancellationToken cancellationToken)
    {
        var all = new double[family.Units];
        Array.Fill(all, 1);
        var values = family.All.Select(figure => figure.Value.Of(all)).ToArray();
        var resampled = Resampling.Run([.. family.All.Select(figure => figure.Value)], family.Units, seed, cancellationToken);
        for (var f = 0; f < values.Length; f++)
        {
            var (model, name, _) = family.All[f];
            var at = rows.FindIndex(row => row.Model == model);
            rows[at] = rows[at].With(name, values[f], resampled.Of(f));
            if (IsBaseline(model)) continue;
            var baselines = Enumerable.Range(0, values.Length).Where(other =>
                family.All[other].Name == name && IsBaseline(family.All[other].Model) && double.IsFinite(values[other])).ToArray();
            if (baselines.Length == 0) continue;
            var chosen = Array.FindIndex(baselines, other => family.All[other].Model == toBeat);
            var best = chosen >= 0 ? baselines[chosen]
                : Figures.IsLoss(name) ? baselines.MinBy(other => values[other]) : baselines.MaxBy(other => values[other]);
            rows[at] = rows[at].Above(name,
                new Advantage(family.All[best].Model, values[f] - values[best], resampled.OfDifference(f, best))
                {
                    BestOn = chosen >= 0 ? Advantage.OnValidation : Advantage.OnTest,
                });
        }
    }

    private static bool IsBaseline(string model) =>
        BaselineSet.Names.Contains(model) || model is ListBaselines.LengthName or ListBaselines.RecentName;
}
