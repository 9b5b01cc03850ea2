using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.Baselines;
using RecSys.Core.Features;
using RecSys.Core.Training.Rows;
using RecSys.Core.Training.Towers;

namespace RecSys.Core.Training.Protocols;

/// <summary>
/// Protocol <c>kuairand-challenge</c>, a published one: the impressions of KuaiRand-Pure from 29 April to 8 May 2022 (days in China,
/// standard policy) are to be ordered within each user by whether they are viewed for long, knowing nothing of them nor of what came after
/// the 28th. Figures as <see cref="WithinUserMetrics"/> defines them.
/// </summary>
/// <param name="catalogue">Features.</param>
/// <param name="options">With the label <c>long_view</c>.</param>
public sealed class KuaiRandChallengeEvaluation(FeatureCatalogue catalogue, TrainingOptions options)
{
    /// <summary>Name of the protocol.</summary>
    public const string Protocol = "kuairand-challenge";

    // Midnight in China.
    private static readonly DateTimeOffset Start = new(2022, 4, 29, 0, 0, 0, TimeSpan.FromHours(8));

    /// <summary>First day of the test.</summary>
    public static DateOnly FirstDay { get; } = new(2022, 4, 29);

    /// <summary>Last day of the test, included.</summary>
    public static DateOnly LastDay { get; } = new(2022, 5, 8);

    /// <param name="log">The imported log.</param>
    /// <param name="test">The impressions of the test, labelled by long views, in the order in which equal scores stand.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <exception cref="RecSysException">The log does not know a user or an item of the test, or is too small.</exception>
    public KuaiRandChallengeReport Run(
        InteractionLog log, IReadOnlyList<LabelledImpression> test, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        LogEvent[] shown = [.. test.Select(row => EventOf(log, row))];
        var asked = shown.Select(e => (e.User, e.Item, e.TimeMs)).ToHashSet();
        // A few rows of the first day have times of the evening before; nothing of them may be known.
        var known = log.WithUsersMerged().InTimeOrder()
            .Where(e => e.TimeMs < Start.ToUnixTimeMilliseconds() && !asked.Contains((e.User, e.Item, e.TimeMs)));
        var labels = TwoStageTraining.Labels(known, options.Label);
        var judge = new Judge([.. test.Select(row => row.IsPositive)], shown, Start.ToUnixTimeMilliseconds());
        using var model = TwoStageTraining.Fit(known, options, catalogue, progress, cancellationToken);

        var random = new Random(options.Seed);
        var histories = UserSequence.AllOf(known);
        var rows = new List<KuaiRandChallengeRow>
        {
            judge.Row("random", _ => random.NextSingle()),
            judge.RowByItem("popular", SmoothedRate.ByItem(log.Items.Count, Tries(known, labels, withPlays: false))),
            judge.RowByItem("popular with history", SmoothedRate.ByItem(log.Items.Count, Tries(known, labels, withPlays: true))),
            judge.Row(ItemKnnBaseline.Fit(known, null, cancellationToken), histories, log.Items.Count, cancellationToken),
            judge.Row(new TowerRecommender(model.Towers, log.Users), histories, log.Items.Count, cancellationToken),
            judge.Row("ranker", Scores(model, known, shown, cancellationToken)),
            judge.Row("truth", row => test[row].IsPositive ? 1 : 0),
        };
        return new KuaiRandChallengeReport(shown.Length, shown.Select(e => e.User).Distinct().Count(),
            labels.Count(label => !float.IsNaN(label)), rows);
    }

    private static LogEvent EventOf(InteractionLog log, LabelledImpression row) =>
        log.Users.TryGetOrdinal(row.UserId, out var user) && log.Items.TryGetNumber(row.ItemId, out var item)
            ? new LogEvent(row.TimeMs, user, item, EventType.Impression, Location: ContextCodes.Location(row.Location))
            : throw new RecSysException($"The log does not know user {row.UserId} or item {row.ItemId} of the test; import the same files "
                + "first: recsys import kuairand DIR.");

    // Impressions and whether they were answered. The history before the log has plays instead, of which no impression is known.
    private static IEnumerable<(int Item, bool Positive)> Tries(InteractionLog log, float[] labels, bool withPlays)
    {
        var first = long.MaxValue;
        for (var i = 0; i < labels.Length; i++)
        {
            if (float.IsNaN(labels[i])) continue;
            first = Math.Min(first, log.Events[i].TimeMs);
            yield return (log.Events[i].Item, labels[i] > 0);
        }
        if (!withPlays) yield break;
        var longViews = new HashSet<(int User, int Item, long TimeMs)>();
        for (var i = 0; i < labels.Length; i++)
        {
            var e = log.Events[i];
            if (e.Type == EventType.LongView) longViews.Add((e.User, e.Item, e.TimeMs));
        }
        for (var i = 0; i < labels.Length; i++)
        {
            var e = log.Events[i];
            if (e.Type == EventType.View && e.TimeMs < first) yield return (e.Item, longViews.Contains((e.User, e.Item, e.TimeMs)));
        }
    }

    private float[] Scores(TwoStageModel model, InteractionLog known, LogEvent[] shown, CancellationToken cancellationToken)
    {
        var state = new FeatureState(known.Items);
        foreach (ref readonly var e in known.Events) state.Apply(in e);
        var values = FrozenRows.Build(known.Users, state, shown, model.View, new FeatureExtractor(catalogue), cancellationToken);
        var scores = new double[shown.Length];
        model.Ranker.Forest.Score(values, shown.Length, scores);
        return Array.ConvertAll(scores, score => (float)score);
    }

    private sealed class Judge(bool[] labels, LogEvent[] shown, long startMs)
    {
        private readonly int[] users = [.. shown.Select(e => e.User)];

        public KuaiRandChallengeRow Row(string name, Func<int, float> score) =>
            Row(name, [.. Enumerable.Range(0, shown.Length).Select(score)]);

        public KuaiRandChallengeRow RowByItem(string name, float[] scores) => Row(name, [.. shown.Select(e => scores[e.Item])]);

        public KuaiRandChallengeRow Row(
            IRecommender recommender, UserSequence[] histories, int items, CancellationToken cancellationToken)
        {
            var scores = new float[shown.Length];
            var all = new float[items];
            foreach (var group in Enumerable.Range(0, shown.Length).GroupBy(row => shown[row].User))
            {
                cancellationToken.ThrowIfCancellationRequested();
                recommender.Score(new RankingQuery(group.Key, histories[group.Key].Sequence.Span, startMs), all);
                foreach (var row in group) scores[row] = all[shown[row].Item];
            }
            return Row(recommender.Name, scores);
        }

        public KuaiRandChallengeRow Row(string name, float[] scores)
        {
            var metrics = WithinUserMetrics.Of(scores, labels, users);
            return new KuaiRandChallengeRow(name, metrics.Gauc, metrics.Ndcg, metrics.Primary);
        }
    }
}
