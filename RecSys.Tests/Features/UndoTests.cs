using CsCheck;
using RecSys.Core.Domain;
using RecSys.Core.Features;

namespace RecSys.Tests.Features;

public sealed class UndoTests
{
    // What is exact by the rules of TakenBack, whatever stands between the event and its undo. The rest of the columns are windows, clocks,
    // lifts and sequences.
    private static readonly string[] Exact =
    [
        "user_impressions_all", "user_clicks_all", "user_positives_all", "user_like_share", "user_like_rate", "user_conversion_rate",
            "user_rejection_rate", "user_rating_mean",
        "user_watch_seconds_mean", "user_watch_ratio_mean", "user_long_view_rate", "user_location_impressions", "item_impressions_all",
        "item_clicks_all", "item_positives_all",
        "item_like_rate", "item_conversion_rate", "item_rejection_rate", "item_rating_mean", "item_watch_seconds_mean",
        "item_watch_ratio_mean", "item_mean_position",
        "item_revenue_per_impression", "item_popularity_percentile", "overall_ctr", "location_ctr", "device_ctr", "seen_impressions",
        "seen_positives", "item_category_ctr",
    ];

    [Fact]
    public void Apply_EventAndUndoInALog_LeavesPlainCountersAsWithoutThePair() =>
        Gen.Select(FeatureLogs.Any, Gen.Int[0, 59], Gen.Int[0, 59], Gen.Int[0, 10]).Sample((events, at, later, type) =>
    {
        // Without infinite values, whose sums cannot be taken back, and with no more locations than the tables have room for.
        var log = events.Select(e =>
            e with { Value = float.IsFinite(e.Value) ? MathF.Round(e.Value) : float.NaN, Location = (byte)(e.Location % 5) }).ToArray();
        var first = at % log.Length;
        var second = first + later % (log.Length - first);
        // A long view that begins a play by itself is taken back as one that ended it; that pair belongs to the shares of plays, which are
        // not in the list.
        var done = log[first] with { Type = (EventType)type };
        var undo = done with { TimeMs = log[second].TimeMs, Meaning = EventMeaning.Undo };
        var with = FeatureLogs.Fold([.. log[..first], done, .. log[first..(second + 1)], undo, .. log[(second + 1)..]]);
        var without = FeatureLogs.Fold(log);

        foreach (var item in new[] { done.Item, log[^1].Item })
        {
            var now = log[^1] with { TimeMs = log[^1].TimeMs + 1000, User = done.User, Item = item, Location = done.Location,
                Device = done.Device };
            var (expected, actual) = (FeatureLogs.Row(without, now), FeatureLogs.Row(with, now));
            foreach (var name in Exact) Same(FeatureLogs.Value(expected, name), FeatureLogs.Value(actual, name), name);
        }
    }, iter: 500);

    [Fact]
    public void Apply_UndoAtOnce_LeavesWindowsAsWithoutThePair()
    {
        LogEvent[] log = [Click(0, 1), Click(5, 2), Click(9, 1)];
        var pair = Click(9, 1);
        var with = FeatureLogs.Fold([.. log, pair, pair with { Meaning = EventMeaning.Undo }]);
        var without = FeatureLogs.Fold(log);
        var now = Click(10, 1) with { Type = EventType.Impression };

        foreach (var name in (string[])["item_clicks_1d", "item_positives_1h", "item_positives_30d", "user_clicks_7d", "user_positives_30d",
            "overall_ctr_7d", "item_category_ctr_7d", "user_category_positives"])
            Same(FeatureLogs.Value(FeatureLogs.Row(without, now), name), FeatureLogs.Value(FeatureLogs.Row(with, now), name), name);

        static LogEvent Click(int hour, int item) => new(FeatureLogs.Start + hour * 3_600_000L, 0, item, EventType.Click);
    }

    [Fact]
    public void Apply_OnlyUndos_NeverGoesBelowZero() => FeatureLogs.Any.Sample(events =>
    {
        var state = FeatureLogs.Fold(events.Select((e, i) => i % 4 == 0 ? e : e with { Meaning = EventMeaning.Undo }));
        foreach (var user in Enumerable.Range(0, 4).Select(state.FindUser).OfType<UserState>())
        {
            ref readonly var c = ref user.Counters;
            Assert.All(
                (float[])[c.Impressions.All, c.Impressions.Hour, c.Clicks.Week, c.Positives.Month, c.ExpectedClicks, c.ExpectedLongViews,
                    c.Views, c.LongViews, c.Likes, c.Conversions,
                    c.Rejections, c.RatingCount, c.WatchCount, c.RecentClicks],
                count => Assert.True(count >= 0, $"{count}"));
        }
        for (var item = 0; item < FeatureLogs.Items.Count; item++)
        {
            ref readonly var s = ref state.ItemStates.Peek(item);
            Assert.All((float[])[s.Impressions.All, s.Clicks.Day, s.Positives.All, s.ExpectedClicks, s.Revenue, s.PositionCount,
                s.LongPlays], count => Assert.True(count >= 0, $"{count}"));
            Assert.InRange(state.ItemStates.Popularity.Percentile(state.ItemStates.PositivesOf(item)), 0, 1);
        }
    }, iter: 300);

    [Fact]
    public void Apply_PurchaseCancelled_TakesTheMarkAndTheMoneyBack()
    {
        var bought = new LogEvent(FeatureLogs.Start, 0, 3, EventType.Purchase, 40);
        var state = FeatureLogs.Fold(
            [bought, bought with { TimeMs = FeatureLogs.Start + 86_400_000, Meaning = EventMeaning.Undo, Value = -40 }]);
        var row = FeatureLogs.Row(state, bought with { TimeMs = FeatureLogs.Start + 90_000_000 });

        Assert.Equal(0, FeatureLogs.Value(row, "seen_positives"));
        Assert.Equal(float.NaN, FeatureLogs.Value(row, "seen_hours_since_positive"));
        Assert.Equal(0, state.ItemStates.Peek(3).Revenue);
        Assert.Equal(0, FeatureLogs.Value(row, "item_popularity_percentile"));
        // The interest was there: towers and transitions are trained on such entries, too.
        Assert.Equal([3], state.FindUser(0)!.RecentItems.ToArray());
    }

    private static void Same(float expected, float actual, string name) =>
        Assert.True(float.IsNaN(expected)
            ? float.IsNaN(actual)
            : Math.Abs(expected - actual) <= 1e-4f * (1 + Math.Abs(expected)), $"{name}: {actual} instead of {expected}");
}
