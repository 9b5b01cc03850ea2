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
    private readonly List<(int User, int Item)> shown = [];
    private readonly bool[] clicked;

    /// <param name="log">The whole log.</param>
    /// <param name="fromMs">Start of the test part, Unix milliseconds.</param>
    public TestImpressions(InteractionLog log, long fromMs)
    {
        this.log = log;
        histories = new List<int>?[log.Users.Count];
        var labels = TwoStageTraining.Labels(log);
        var targets = new List<bool>();
        var events = log.Events;
        for (var i = 0; i < events.Length; i++)
        {
            var e = events[i];
            if (e.User < 0) continue;
            if (e.TimeMs < fromMs)
            {
                var history = histories[e.User] ??= [];
                if (InteractionSequence.Extends(CollectionsMarshal.AsSpan(history), e)) history.Add(e.Item);
            }
            else if (e.IsImpression)
            {
                shown.Add((e.User, e.Item));
                targets.Add(labels[i] > 0);
            }
        }
        clicked = [.. targets];
    }

    /// <summary>Of the ranker judged last.</summary>
    public IReadOnlyList<ReliabilityBin>? Reliability { get; private set; }

    /// <summary>Adds AUC and GAUC of a model that orders items by a user's history at the start of the test part.</summary>
    public EvaluationRow Judge(IRecommender recommender, EvaluationRow row)
    {
        var scores = new float[shown.Count];
        var all = new float[log.Items.Count];
        foreach (var group in shown.Select((pair, index) => (pair.User, pair.Item, index)).GroupBy(entry => entry.User))
        {
            recommender.Score(group.Key, CollectionsMarshal.AsSpan(histories[group.Key]), all);
            foreach (var (_, item, index) in group) scores[index] = all[item];
        }
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
}
