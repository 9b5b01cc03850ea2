using System.Runtime.InteropServices;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Ranking;
using RecSys.Core.Training.Rankers;

namespace RecSys.Core.Training.Protocols;

/// <summary>The impressions of the test part with their labels: how well does a model tell the clicked ones?</summary>
internal sealed class TestImpressions
{
    private readonly InteractionLog log;
    private readonly List<int>?[] histories;
    private readonly List<Shown> shown = [];
    private readonly bool[] clicked;

    /// <param name="log">The whole log.</param>
    /// <param name="fromMs">Start of the test part, Unix milliseconds.</param>
    public TestImpressions(InteractionLog log, long fromMs)
    {
        this.log = log;
        histories = new List<int>?[log.Users.Count];
        var labels = TwoStageTraining.Labels(log);
        var targets = new List<bool>();
        var moments = new (long TimeMs, int Known)[log.Users.Count];
        var events = log.Events;
        for (var i = 0; i < events.Length; i++)
        {
            var e = events[i];
            if (e.User < 0) continue;
            var history = histories[e.User] ??= [];
            // What a user did in the millisecond of a list is not known to it.
            if (moments[e.User].TimeMs != e.TimeMs) moments[e.User] = (e.TimeMs, history.Count);
            if (e.TimeMs >= fromMs && e.IsImpression)
            {
                shown.Add(new Shown(e.User, e.Item, e.TimeMs, moments[e.User].Known));
                targets.Add(labels[i] > 0);
            }
            if (InteractionSequence.Extends(CollectionsMarshal.AsSpan(history), e)) history.Add(e.Item);
        }
        clicked = [.. targets];
    }

    /// <summary>Of the ranker judged last.</summary>
    public IReadOnlyList<ReliabilityBin>? Reliability { get; private set; }

    /// <summary>Adds AUC and GAUC of a model that orders items, asked at the moment of each list.</summary>
    public EvaluationRow Judge(IRecommender recommender, EvaluationRow row)
    {
        var scores = new float[shown.Count];
        var lists = Enumerable.Range(0, shown.Count).GroupBy(index => (shown[index].User, shown[index].TimeMs)).ToArray();
        Parallel.ForEach(lists, () => new float[log.Items.Count], (list, _, all) =>
        {
            var (user, timeMs) = list.Key;
            var history = CollectionsMarshal.AsSpan(histories[user])[..shown[list.First()].Known];
            recommender.Score(new RankingQuery(user, history, timeMs), all);
            foreach (var index in list) scores[index] = all[shown[index].Item];
            return all;
        }, _ => { });
        return row with { Auc = PointwiseMetrics.Auc(scores, clicked), Gauc = PointwiseMetrics.Gauc(scores, clicked, Users()) };
    }

    /// <summary>Adds all prediction metrics of the ranker; <paramref name="rows"/> are the same impressions in the same order.</summary>
    public EvaluationRow Judge(RankerModel ranker, RankerDataset rows, EvaluationRow row)
    {
        if (rows.Rows != clicked.Length)
            throw new InvalidOperationException($"{rows.Rows} feature rows for {clicked.Length} test impressions.");
        var raw = new double[rows.Rows];
        ranker.Forest.Score(rows.Values, rows.Rows, raw);
        var scores = Array.ConvertAll(raw, score => (float)score);
        var probabilities = Array.ConvertAll(raw, score => (float)ranker.Calibrator.Calibrate(score));
        Reliability = ReliabilityBin.Table(probabilities, clicked);
        return row with
        {
            Auc = PointwiseMetrics.Auc(scores, clicked),
            Gauc = PointwiseMetrics.Gauc(scores, clicked, Users()),
            LogLoss = PointwiseMetrics.LogLoss(probabilities, clicked),
            Ece = CalibrationError.EqualCount(probabilities, clicked),
        };
    }

    private int[] Users() => [.. shown.Select(pair => pair.User)];

    // Known: entries of the user's history before the list.
    private readonly record struct Shown(int User, int Item, long TimeMs, int Known);
}
