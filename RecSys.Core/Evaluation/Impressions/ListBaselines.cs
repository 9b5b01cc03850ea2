using RecSys.Core.Domain;

namespace RecSys.Core.Evaluation.Impressions;

/// <summary>
/// Baselines that judge impressions and recommend nothing: how long a list is tells much of how likely each of its items is clicked, and a
/// ranker that is no better than that, or than the item's clicks of the last hours over it, has learnt little of its users.
/// </summary>
public static class ListBaselines
{
    /// <summary>Name of the row of <see cref="Length"/>.</summary>
    public const string LengthName = "list-length";

    /// <summary>Name of the row of <see cref="RecentClicks"/>.</summary>
    public const string RecentName = "clicks/length";

    // Rows of the overall rate that a length starts with, so that a length met twice does not lead.
    private const double Strength = 20;

    // An item without clicks still counts less in a long list than in a short one.
    private const float Start = 0.5f;

    private static readonly double[] hours = [1, 6, 24, 3 * 24, 7 * 24, 30 * 24];

    /// <summary>Click rate of the training part's lists of the same length, whoever was shown what.</summary>
    /// <param name="train">Impressions of the training part.</param>
    /// <param name="test">Impressions to be judged.</param>
    public static ImpressionScores Length(ImpressionSet train, ImpressionSet test)
    {
        var rate = train.Count == 0 ? 0 : train.Clicked.Count(click => click) / (double)train.Count;
        var byLength = new Dictionary<int, (double Clicks, double Rows)>();
        for (var row = 0; row < train.Count; row++)
        {
            var length = train.Sizes[train.Lists[row]];
            var (clicks, rows) = byLength.GetValueOrDefault(length);
            byLength[length] = (clicks + (train.Clicked[row] ? 1 : 0), rows + 1);
        }
        return new ImpressionScores(LengthName, Knowledge.Cut, [.. test.Lists.Select(list =>
        {
            var (clicks, rows) = byLength.GetValueOrDefault(test.Sizes[list]);
            return (float)((clicks + Strength * rate) / (rows + Strength));
        })]);
    }

    /// <summary>Clicks of the item in the last hours before its list, over the length of the list.</summary>
    /// <param name="test">Impressions to be judged, in time order.</param>
    /// <param name="isClick">Which events count.</param>
    /// <param name="recentHours">What counts as the last hours.</param>
    public static ImpressionScores RecentClicks(ImpressionSet test, Func<LogEvent, bool> isClick, double recentHours)
    {
        var windowMs = (long)TimeSpan.FromHours(recentHours).TotalMilliseconds;
        var clicks = test.Log.Events.ToArray().Where(isClick).OrderBy(e => e.TimeMs).ToArray();
        var counts = new int[test.Log.Items.Count];
        var scores = new float[test.Count];
        var (first, next) = (0, 0);
        // Lists are numbered by their first impressions, so their moments ascend.
        foreach (var row in Enumerable.Range(0, test.Count).OrderBy(row => test.Lists[row]))
        {
            var list = test.Lists[row];
            var timeMs = test[test.Heads[list]].TimeMs;
            for (; next < clicks.Length && clicks[next].TimeMs < timeMs; next++) counts[clicks[next].Item]++;
            for (; first < next && clicks[first].TimeMs < timeMs - windowMs; first++) counts[clicks[first].Item]--;
            scores[row] = (counts[test[row].Item] + Start) / test.Sizes[list];
        }
        return new ImpressionScores(RecentName, Knowledge.All, scores);
    }

    /// <summary>The hours with the best AUC on the validation part; of equal ones the first.</summary>
    public static double ChooseHours(ImpressionSet validation, Func<LogEvent, bool> isClick) => hours.MaxBy(recent =>
        PointwiseMetrics.Auc(RecentClicks(validation, isClick, recent).Scores, validation.Clicked));
}
