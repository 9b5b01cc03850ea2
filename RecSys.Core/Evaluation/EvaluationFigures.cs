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
    private static readonly (string Name, Func<double, double> OfRank)[] rankFigures =
    [
        (Figures.HitRateAt10, rank => RankingMetrics.HitRate(rank, 10)),
        (Figures.HitRateAt50, rank => RankingMetrics.HitRate(rank, 50)),
        (Figures.NdcgAt10, rank => RankingMetrics.Ndcg(rank, 10)),
        (Figures.Mrr, RankingMetrics.ReciprocalRank),
        (Figures.RecallAt500, rank => RankingMetrics.HitRate(rank, 500)),
    ];

    public static IReadOnlyList<EvaluationRow> Rows(TestOutcomes outcomes, int seed, CancellationToken cancellationToken)
    {
        var rows = outcomes.Ranked.Select(result => result.ToRow()).ToList();
        Measure(rows, OfChoices(outcomes), outcomes.BaselineToBeat, seed, cancellationToken);
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
        Measure(rows, OfUsers(shown, outcomes.Judged), null, seed, cancellationToken);
        Measure(rows, OfLists(shown, outcomes.Judged), null, seed, cancellationToken);
        return rows;
    }

    private static FigureFamily OfChoices(TestOutcomes outcomes)
    {
        var users = Numbered(Array.ConvertAll(outcomes.Choices, index => outcomes.Log.Events[index].User), out var count);
        return new FigureFamily(count, [.. outcomes.Ranked.SelectMany(result => rankFigures.Select(figure =>
            new ModelFigure(result.Model, figure.Name, new MeanFigure(count, users.Select((user, at) =>
                (user, figure.OfRank(result.Ranks[at]), 1.0))))))]);
    }

    private static FigureFamily OfUsers(ImpressionSet shown, IReadOnlyList<ImpressionScores> judged)
    {
        var users = Numbered(shown.Users, out var count);
        return new FigureFamily(count, [.. judged.SelectMany(Of)]);

        IEnumerable<ModelFigure> Of(ImpressionScores one)
        {
            yield return new(one.Model, Figures.Auc, new AucFigure(one.Scores, shown.Clicked, users));
            yield return new(one.Model, Figures.Gauc, new MeanFigure(count, PointwiseMetrics.AucByGroup(one.Scores, shown.Clicked, users)
                .Select(user => (user.Group, user.Auc, (double)user.Impressions))));
            if (one.Probabilities is not { } probabilities) yield break;
            yield return new(one.Model, Figures.LogLoss, new MeanFigure(count, users.Select((user, row) =>
                (user, PointwiseMetrics.LogLoss(probabilities.AsSpan(row, 1), shown.Clicked.AsSpan(row, 1)), 1.0))));
        }
    }

    private static FigureFamily OfLists(ImpressionSet shown, IReadOnlyList<ImpressionScores> judged)
    {
        // A mean over lists; but lists of one user are alike, so that users are what is drawn.
        var users = Numbered(Array.ConvertAll(shown.Heads, row => shown.Users[row]), out var count);
        return new FigureFamily(count, [.. judged.SelectMany(one =>
        {
            var metrics = ListMetrics.Of(shown.Lists, shown.Sizes.Length, one.Scores, shown.Clicked);
            return new[]
            {
                Of(Figures.ListAuc, metrics.Auc), Of(Figures.ListNdcg, metrics.Ndcg), Of(Figures.ListMrr, metrics.ReciprocalRank),
            };

            ModelFigure Of(string name, double[] values) =>
                new(one.Model, name, new MeanFigure(count, values.Select((value, list) => (users[list], value, 1.0))));
        })]);
    }

    // Where validation has named no baseline to beat, it is the best by each figure.
    private static void Measure(
        List<EvaluationRow> rows, FigureFamily family, string? toBeat, int seed, CancellationToken cancellationToken)
    {
        var all = new double[family.Units];
        Array.Fill(all, 1);
        var values = family.Figures.Select(figure => figure.Value.Of(all)).ToArray();
        var resampled = Resampling.Run([.. family.Figures.Select(figure => figure.Value)], family.Units, seed, cancellationToken);
        for (var f = 0; f < values.Length; f++)
        {
            var (model, name, _) = family.Figures[f];
            var at = rows.FindIndex(row => row.Model == model);
            rows[at] = rows[at].With(name, values[f], resampled.Of(f));
            if (IsBaseline(model)) continue;
            var baselines = Enumerable.Range(0, values.Length).Where(other =>
                family.Figures[other].Name == name && IsBaseline(family.Figures[other].Model) && double.IsFinite(values[other])).ToArray();
            if (baselines.Length == 0) continue;
            var chosen = Array.FindIndex(baselines, other => family.Figures[other].Model == toBeat);
            var best = chosen >= 0 ? baselines[chosen]
                : Figures.IsLoss(name) ? baselines.MinBy(other => values[other]) : baselines.MaxBy(other => values[other]);
            rows[at] = rows[at].Above(name,
                new Advantage(family.Figures[best].Model, values[f] - values[best], resampled.OfDifference(f, best))
                {
                    BestOn = chosen >= 0 ? Advantage.OnValidation : Advantage.OnTest,
                });
        }
    }

    private static bool IsBaseline(string model) =>
        BaselineSet.Names.Contains(model) || model is ListBaselines.LengthName or ListBaselines.RecentName;

    // Ordinals without gaps, as a resample draws from them.
    private static int[] Numbered(int[] users, out int count)
    {
        var numbers = new Dictionary<int, int>();
        var numbered = Array.ConvertAll(users, user =>
        {
            if (!numbers.TryGetValue(user, out var number)) numbers.Add(user, number = numbers.Count);
            return number;
        });
        count = numbers.Count;
        return numbered;
    }

    private sealed record ModelFigure(string Model, string Name, IFigure Value);

    private sealed record FigureFamily(int Units, IReadOnlyList<ModelFigure> Figures);
}
