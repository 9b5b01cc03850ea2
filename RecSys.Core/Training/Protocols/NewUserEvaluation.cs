using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Training.Towers;

namespace RecSys.Core.Training.Protocols;

/// <summary>
/// Measures what is best for users without a positive event: all events of a share of the users are hidden from training, and each one's
/// first choices are ranked among all items by the profile alone. One half of these users is for choosing between the ways, the other for
/// the figures.
/// </summary>
public static class NewUserEvaluation
{
    public const string Protocol = "new-users";

    private static readonly float[] Weights = [0.25f, 0.5f, 1];

    /// <param name="log">Events, users and items.</param>
    /// <param name="options">Seed and tower settings.</param>
    /// <param name="share">Share of the users with positive events to hide.</param>
    /// <param name="firsts">First choices per user, each ranked without the others.</param>
    /// <param name="progress">Told after every epoch; may be null.</param>
    /// <param name="cancellationToken">Ends the training.</param>
    /// <exception cref="RecSysException">Too few users have positive events.</exception>
    public static NewUserReport Run(
        InteractionLog log, TrainingOptions options, double share = 0.1, int firsts = 5, IProgress<WorkProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        log = log.WithUsersMerged();
        var choices = FirstChoices(log, firsts);
        var users = Enumerable.Range(0, choices.Length).Where(user => choices[user] is not null).ToArray();
        new Random(options.Seed).Shuffle(users);
        var hidden = users[..(int)(users.Length * share)];
        if (hidden.Length < 2)
            throw new RecSysException("Too few users have positive events, so nothing can be measured. Use a larger log.");
        var isHidden = new bool[log.Users.Count];
        foreach (var user in hidden) isHidden[user] = true;
        var known = log.Where(e => e.User < 0 || !isHidden[e.User]);

        var model = TowerFitting.Fit(known, options, progress, cancellationToken);
        var popularity = SegmentPopularity.Fit(known, bySegment: false);
        var segments = SegmentPopularity.Fit(known, bySegment: true);
        var tower = new TowerRecommender(model, log.Users);
        IRecommender[] ways =
        [
            popularity, segments, tower,
            .. Weights.Select(weight => new Blend(tower, segments, (float)(1 / options.Towers.Temperature), weight)),
        ];
        var (validation, test) = (hidden[..(hidden.Length / 2)], hidden[(hidden.Length / 2)..]);
        return new NewUserReport(test.Length, test.Sum(user => choices[user]!.Count),
            [.. ways.Select(way => Measure(way, choices, validation, test, log.Items.Count, cancellationToken))]);
    }

    private static NewUserRow Measure(
        IRecommender way, List<int>?[] choices, ReadOnlySpan<int> validation, ReadOnlySpan<int> test, int items,
        CancellationToken cancellationToken)
    {
        var (hits, ndcg, recall, _) = Measure(way, choices, test, items, cancellationToken);
        var (_, judged, _, _) = Measure(way, choices, validation, items, cancellationToken);
        return new NewUserRow(way.Name, hits, ndcg, recall, judged);
    }

    private static (double Hits, double Ndcg, double Recall, int Count) Measure(
        IRecommender way, List<int>?[] choices, ReadOnlySpan<int> users, int items, CancellationToken cancellationToken)
    {
        var scores = new float[items];
        double hits = 0, ndcg = 0, recall = 0;
        var count = 0;
        foreach (var user in users)
        {
            cancellationToken.ThrowIfCancellationRequested();
            way.Score(user, [], scores);
            foreach (var item in choices[user]!)
            {
                var rank = FullRanking.RankOf(scores, item, []);
                hits += RankingMetrics.HitRate(rank, 10);
                ndcg += RankingMetrics.Ndcg(rank, 10);
                recall += RankingMetrics.HitRate(rank, 500);
                count++;
            }
        }
        return (hits / count, ndcg / count, recall / count, count);
    }

    private static List<int>?[] FirstChoices(InteractionLog log, int most)
    {
        var choices = new List<int>?[log.Users.Count];
        foreach (ref readonly var e in log.Events)
        {
            if (e.User < 0 || !e.Type.IsPositive()) continue;
            var first = choices[e.User] ??= [];
            if (first.Count < most && !first.Contains(e.Item)) first.Add(e.Item);
        }
        return choices;
    }

    /// <summary>The tower's logit and the logarithm of the segment's popularity, weighed.</summary>
    private sealed class Blend(IRecommender tower, SegmentPopularity popularity, float inverseTemperature, float weight) : IRecommender
    {
        public string Name => string.Create(CultureInfo.InvariantCulture, $"tower + {weight} log segment");

        public void Score(int user, ReadOnlySpan<int> history, Span<float> scores)
        {
            var shares = new float[scores.Length];
            popularity.Score(user, history, shares);
            tower.Score(user, history, scores);
            for (var item = 0; item < scores.Length; item++)
                scores[item] = scores[item] * inverseTemperature + weight * MathF.Log(shares[item] + 1e-7f);
        }
    }
}
