using System.Runtime.InteropServices;
using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Evaluation.Impressions;
using RecSys.Core.Ranking;
using RecSys.Core.Training.Rankers;

namespace RecSys.Core.Training.Protocols;

/// <summary>The impressions of the test part with their labels: how well does a model tell the clicked ones?</summary>
internal sealed class TestImpressions
{
    private readonly List<int>?[] histories;

    // Per impression, entries of the user's history before its list, and per user those before the test part.
    private readonly List<int> known = [];
    private readonly int[] knownAtStart;
    private readonly long fromMs;

    /// <param name="log">The whole log, in time order.</param>
    /// <param name="labels">From <see cref="TwoStageTraining.Labels"/>.</param>
    /// <param name="fromMs">Start of the test part, Unix milliseconds.</param>
    public TestImpressions(InteractionLog log, float[] labels, long fromMs)
    {
        this.fromMs = fromMs;
        histories = new List<int>?[log.Users.Count];
        knownAtStart = new int[log.Users.Count];
        var moments = new (long TimeMs, int Known)[log.Users.Count];
        var events = log.Events;
        for (var i = 0; i < events.Length; i++)
        {
            ref readonly var e = ref events[i];
            if (e.User < 0) continue;
            var history = histories[e.User] ??= [];
            // What a user did in the millisecond of a list is not known to it.
            if (moments[e.User].TimeMs != e.TimeMs) moments[e.User] = (e.TimeMs, history.Count);
            if (e.TimeMs >= fromMs && e.IsImpression) known.Add(moments[e.User].Known);
            if (InteractionSequence.Extends(CollectionsMarshal.AsSpan(history), e)) history.Add(e.Item);
            if (e.TimeMs < fromMs) knownAtStart[e.User] = history.Count;
        }
        Shown = Between(log, labels, fromMs, long.MaxValue);
    }

    /// <summary>The impressions.</summary>
    public ImpressionSet Shown { get; }

    /// <summary>The impressions of another part of a log, from one moment to before another, Unix milliseconds.</summary>
    public static ImpressionSet Between(InteractionLog log, float[] labels, long fromMs, long toMs)
    {
        var (shown, clicked) = (new List<int>(), new List<bool>());
        for (var i = 0; i < log.Events.Length; i++)
        {
            ref readonly var e = ref log.Events[i];
            if (e.User < 0 || !e.IsImpression || e.TimeMs < fromMs || e.TimeMs >= toMs) continue;
            shown.Add(i);
            clicked.Add(labels[i] > 0);
        }
        return new ImpressionSet(log, [.. shown], [.. clicked]);
    }

    /// <summary>Asks a model that orders items at the moment of each list.</summary>
    public ImpressionScores Judge(IRecommender recommender) =>
        Judge(recommender, row => known[row], row => Shown[row].TimeMs);

    /// <summary>Asks it at the start of the test part, so that it knows nothing of what happens in it.</summary>
    public ImpressionScores JudgeFrozen(IRecommender recommender) =>
        Judge(recommender, row => knownAtStart[Shown.Users[row]], _ => fromMs);

    private ImpressionScores Judge(IRecommender recommender, Func<int, int> knownOf, Func<int, long> momentOf)
    {
        var scores = new float[Shown.Count];
        var requests = Enumerable.Range(0, Shown.Count).GroupBy(row => (Shown.Users[row], knownOf(row), momentOf(row))).ToArray();
        Parallel.ForEach(requests, () => new float[Shown.Log.Items.Count], (request, _, all) =>
        {
            var (user, entries, timeMs) = request.Key;
            recommender.Score(new RankingQuery(user, CollectionsMarshal.AsSpan(histories[user])[..entries], timeMs), all);
            foreach (var row in request) scores[row] = all[Shown[row].Item];
            return all;
        }, _ => { });
        return new ImpressionScores(recommender.Name, recommender.Knows, scores);
    }

    /// <summary>Scores and click probabilities of the ranker; <paramref name="rows"/> are the same impressions in the same order.</summary>
    public ImpressionScores Judge(RankerModel ranker, RankerDataset rows)
    {
        if (rows.Rows != Shown.Count)
            throw new InvalidOperationException($"{rows.Rows} feature rows for {Shown.Count} test impressions.");
        var raw = new double[rows.Rows];
        ranker.Forest.Score(rows.Values, rows.Rows, raw);
        return new ImpressionScores("two-stage", Knowledge.All, Array.ConvertAll(raw, score => (float)score),
            Array.ConvertAll(raw, score => (float)ranker.Calibrator.Calibrate(score)));
    }
}
