using RecSys.Core.Evaluation.Impressions;

namespace RecSys.Core.Evaluation.Intervals;

/// <summary>Figures of several models over the same units, so that one bootstrap gives them all and their differences paired.</summary>
/// <param name="Units">Users that are drawn.</param>
/// <param name="All">In the order of models.</param>
internal sealed record FigureFamily(int Units, IReadOnlyList<ModelFigure> All)
{
    private static readonly (string Name, Func<double, double> OfRank)[] rankFigures =
    [
        (Figures.HitRateAt10, rank => RankingMetrics.HitRate(rank, 10)),
        (Figures.HitRateAt50, rank => RankingMetrics.HitRate(rank, 50)),
        (Figures.NdcgAt10, rank => RankingMetrics.Ndcg(rank, 10)),
        (Figures.Mrr, RankingMetrics.ReciprocalRank),
        (Figures.RecallAt500, rank => RankingMetrics.HitRate(rank, 500)),
    ];

    /// <summary>Figures of ranks, with the users of the choices as units.</summary>
    public static FigureFamily OfChoices(TestOutcomes outcomes)
    {
        var users = Numbered(Array.ConvertAll(outcomes.Choices, index => outcomes.Log.Events[index].User), out var count);
        return new FigureFamily(count, [.. outcomes.Ranked.SelectMany(result => rankFigures.Select(figure =>
            new ModelFigure(result.Model, figure.Name, new MeanFigure(count, users.Select((user, at) =>
                (user, figure.OfRank(result.Ranks[at]), 1.0))))))]);
    }

    /// <summary>Figures of impressions, with users as units.</summary>
    public static FigureFamily OfUsers(ImpressionSet shown, IReadOnlyList<ImpressionScores> judged)
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

    /// <summary>Figures inside lists: means over lists, of which those of one user are drawn together.</summary>
    public static FigureFamily OfLists(ImpressionSet shown, IReadOnlyList<ImpressionScores> judged)
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

    /// <summary>Ordinals without gaps, as a resample draws from them.</summary>
    public static int[] Numbered(int[] users, out int count)
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
}
