using RecSys.Core.Domain;
using RecSys.Core.Evaluation;
using RecSys.Core.Ranking;
using RecSys.Core.Training.Rankers;

namespace RecSys.Core.Training.Protocols;

/// <summary>The impressions of the test part with their labels: how well does a model tell the answered ones?</summary>
internal sealed class TestImpressions
{
    public const string Live = "live";
    public const string UsersFrozen = "users-frozen";
    public const string Frozen = "frozen";

    private readonly InteractionLog log;
    private readonly UserSequence[] sequences;
    private readonly List<Shown> shown = [];
    private readonly bool[] answered;

    /// <param name="log">The whole log, in time order.</param>
    /// <param name="labels">Per event of it.</param>
    /// <param name="fromMs">Start of the test part, Unix milliseconds.</param>
    public TestImpressions(InteractionLog log, float[] labels, long fromMs)
    {
        this.log = log;
        sequences = UserSequence.AllOf(log);
        var targets = new List<bool>();
        for (var i = 0; i < log.Events.Length; i++)
        {
            var e = log.Events[i];
            if (e.User < 0 || e.TimeMs < fromMs || !e.IsImpression) continue;
            var times = sequences[e.User].TimesMs.Span;
            shown.Add(new Shown(e.User, e.Item, Before(times, e.TimeMs), Before(times, fromMs)));
            targets.Add(labels[i] > 0);
        }
        answered = [.. targets];
    }

    /// <summary>Of the ranker judged last.</summary>
    public IReadOnlyList<ReliabilityBin>? Reliability { get; private set; }

    /// <summary>Judges a model that orders items by a user's history: as of each impression, or as of the start of the test part.</summary>
    public StateRow Judge(IRecommender recommender, bool live)
    {
        var scores = new float[shown.Count];
        var all = new float[log.Items.Count];
        foreach (var group in shown.Select((impression, row) => (impression, row))
            .GroupBy(entry => (entry.impression.User, Known: live ? entry.impression.Known : entry.impression.KnownAtStart)))
        {
            recommender.Score(group.Key.User, sequences[group.Key.User].Sequence.Span[..group.Key.Known], all);
            foreach (var (impression, row) in group) scores[row] = all[impression.Item];
        }
        return new StateRow(recommender.Name, live ? Live : UsersFrozen, PointwiseMetrics.Auc(scores, answered),
            PointwiseMetrics.Gauc(scores, answered, Users()));
    }

    /// <summary>Judges the ranker; <paramref name="rows"/> are the same impressions in the same order, by the state named.</summary>
    public StateRow Judge(RankerModel ranker, RankerDataset rows, string state)
    {
        if (rows.Rows != answered.Length)
            throw new InvalidOperationException($"{rows.Rows} feature rows for {answered.Length} test impressions.");
        var raw = new double[rows.Rows];
        ranker.Forest.Score(rows.Values, rows.Rows, raw);
        var scores = Array.ConvertAll(raw, score => (float)score);
        var probabilities = Array.ConvertAll(raw, score => (float)ranker.Calibrator.Calibrate(score));
        Reliability = ReliabilityBin.Table(probabilities, answered);
        return new StateRow("two-stage", state, PointwiseMetrics.Auc(scores, answered), PointwiseMetrics.Gauc(scores, answered, Users()))
        {
            LogLoss = PointwiseMetrics.LogLoss(probabilities, answered),
            Ece = CalibrationError.EqualCount(probabilities, answered),
        };
    }

    // Entries before a moment; those of the moment itself may be answers to what is asked.
    private static int Before(ReadOnlySpan<long> times, long timeMs)
    {
        var at = times.BinarySearch(timeMs);
        if (at < 0) return ~at;
        while (at > 0 && times[at - 1] == timeMs) at--;
        return at;
    }

    private int[] Users() => [.. shown.Select(impression => impression.User)];

    private readonly record struct Shown(int User, int Item, int Known, int KnownAtStart);
}
