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

    // Per list, entries of the user's history before it, and per user those before the test part.
    private readonly int[] known;
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
        Shown = Between(log, labels, fromMs, long.MaxValue);
        known = new int[Shown.Sizes.Length];
        var moments = new (long TimeMs, int Known)[log.Users.Count];
        var events = log.Events;
        var list = 0;
        for (var i = 0; i < events.Length; i++)
        {
            ref readonly var e = ref events[i];
            if (e.User < 0) continue;
            var history = histories[e.User] ??= [];
            // What a user did in the millisecond of a list is not known to it.
            if (moments[e.User].TimeMs != e.TimeMs) moments[e.User] = (e.TimeMs, history.Count);
            if (list < known.Length && Shown.Events[Shown.Heads[list]] == i) known[list++] = moments[e.User].Known;
            if (InteractionSequence.Extends(CollectionsMarshal.AsSpan(history), e)) history.Add(e.Item);
            if (e.TimeMs < fromMs) knownAtStart[e.User] = history.Count;
        }
    }

    /// <summary>The impressions.</summary>
    public ImpressionSet Shown { get; }

    /// <summary>
    /// The impressions of another part of a log, those of lists that begin from one moment to before another, Unix milliseconds.
    /// </summary>
    public static ImpressionSet Between(InteractionLog log, float[] labels, long fromMs, long toMs)
    {
        var (shown, clicked) = (new List<int>(), new List<bool>());
        var begun = new Dictionary<ListKey, long>();
        for (var i = 0; i < log.Events.Length; i++)
        {
            ref readonly var e = ref log.Events[i];
            if (e.User < 0 || !e.IsImpression) continue;
            var timeMs = e.TimeMs;
            // Without a request id a list is one moment, which need not be kept.
            if (e.List > 0 && !begun.TryAdd(ListKey.Of(e), timeMs)) timeMs = begun[ListKey.Of(e)];
            if (timeMs < fromMs || timeMs >= toMs) continue;
            shown.Add(i);
            clicked.Add(labels[i] > 0);
        }
        return new ImpressionSet(log, [.. shown], [.. clicked]);
    }

    /// <summary>Asks a model that orders items at the moment of each list.</summary>
    public ImpressionScores Judge(IRecommender recommender, CancellationToken cancellationToken = default) =>
        Judge(recommender, list => known[list], list => Shown[Shown.Heads[list]].TimeMs, cancellationToken);

    /// <summary>Asks it at the start of the test part, so that it knows nothing of what happens in it.</summary>
    public ImpressionScores JudgeFrozen(IRecommender recommender, CancellationToken cancellationToken = default) =>
        Judge(recommender, list => knownAtStart[Shown.Users[Shown.Heads[list]]], _ => fromMs, cancellationToken);

    private ImpressionScores Judge(
        IRecommender recommender, Func<int, int> knownOf, Func<int, long> momentOf, CancellationToken cancellationToken)
    {
        var scores = new float[Shown.Count];
        var requests = Enumerable.Range(0, Shown.Count).GroupBy(row =>
            (Shown.Users[row], knownOf(Shown.Lists[row]), momentOf(Shown.Lists[row]))).ToArray();
        var parallel = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.ForEach(requests, parallel, () => new float[Shown.Log.Items.Count], (request, _, all) =>
        {
            var (user, entries, timeMs) = request.Key;
            recommender.Score(new RankingQuery(user, CollectionsMarshal.AsSpan(histories[user])[..entries], timeMs), all);
            foreach (var row in request) scores[row] = all[Shown[row].Item];
            return all;
        }, _ => { });
        return new ImpressionScores(recommender.Name, recommender.Knows, scores);
    }

    /// <summary>
    /// Scores and click probabilities of the ranker; <paramref name="rows"/> hold these impressions, in any order and perhaps with others.
    /// </summary>
    public ImpressionScores Judge(RankerModel ranker, RankerDataset rows)
    {
        var raw = new double[rows.Rows];
        ranker.Forest.Score(rows.Values, rows.Rows, raw);
        var rowOf = new Dictionary<int, int>(rows.Rows);
        for (var row = 0; row < rows.Rows; row++) rowOf.Add(rows.Events![row], row);
        var scores = Array.ConvertAll(Shown.Events.ToArray(), index => raw[rowOf[index]]);
        return new ImpressionScores("two-stage", Knowledge.All, Array.ConvertAll(scores, score => (float)score),
            Array.ConvertAll(scores, score => (float)ranker.Calibrator.Calibrate(score)));
    }
}
