using RecSys.Core.Domain;

namespace RecSys.Core.Features;

/// <content>How an event of the user is taken back, see <see cref="TakenBack"/> for what is exact.</content>
public sealed partial class UserState
{
    private void TakeBack(in LogEvent e, uint seconds, in ItemFacts item, in EventKind kind, in Contribution recorded,
        in DecayFactors weights)
    {
        ref var c = ref Counters;
        if (kind.Impression) TakeBackImpression(in e, seconds, in item, in weights, recorded.UserClicks);
        if (kind.Click) TakeBackClick(in e, seconds, in item, in weights);
        if (kind.Positive) c.Positives.TakeBack(in weights);
        if (kind.Negative) c.Rejections = TakenBack.From(c.Rejections);
        TakeBackPlay(in e, in recorded);
        TakeBackType(in e, in item);
        Categories.TakeBack(item.Category, seconds, in kind);
        Creators.TakeBack(item.Creator, seconds, in kind);
        Seen.TakeBack(e.Item, in kind);
    }

    private void TakeBackImpression(in LogEvent e, uint seconds, in ItemFacts item, in DecayFactors weights, float expected)
    {
        ref var c = ref Counters;
        c.Impressions.TakeBack(in weights);
        c.ExpectedClicks = TakenBack.From(c.ExpectedClicks, expected);
        c.RecentImpressions = TakenBack.From(c.RecentImpressions);
        c.ImpressionsSinceClick = TakenBack.From(c.ImpressionsSinceClick);
        if (seconds >= c.SessionStartSeconds) c.SessionImpressions = TakenBack.From(c.SessionImpressions);
        ref var part = ref c.DayPartImpressions[DayPart(e.TimeMs)];
        part = TakenBack.From(part);
        if (e.Device < ContextCodes.DeviceCount) c.DeviceImpressions[e.Device] = TakenBack.From(c.DeviceImpressions[e.Device]);
        if (FindPlace(e.Location) is >= 0 and var place)
        {
            c.PlaceImpressions[place] = TakenBack.From(c.PlaceImpressions[place]);
            c.PlaceRecentImpressions[place] = TakenBack.From(c.PlaceRecentImpressions[place]);
        }
        if (LengthOf(item.DurationSeconds) is >= 0 and var length)
            c.LengthImpressions[length] = TakenBack.From(c.LengthImpressions[length]);
    }

    private void TakeBackClick(in LogEvent e, uint seconds, in ItemFacts item, in DecayFactors weights)
    {
        ref var c = ref Counters;
        c.Clicks.TakeBack(in weights);
        c.RecentClicks = TakenBack.From(c.RecentClicks);
        if (seconds >= c.SessionStartSeconds) c.SessionClicks = TakenBack.From(c.SessionClicks);
        ref var part = ref c.DayPartClicks[DayPart(e.TimeMs)];
        part = TakenBack.From(part);
        if (FindPlace(e.Location) is >= 0 and var place)
        {
            c.PlaceClicks[place] = TakenBack.From(c.PlaceClicks[place]);
            c.PlaceRecentClicks[place] = TakenBack.From(c.PlaceRecentClicks[place]);
        }
        if (LengthOf(item.DurationSeconds) is >= 0 and var length) c.LengthClicks[length] = TakenBack.From(c.LengthClicks[length]);
    }

    private void TakeBackPlay(in LogEvent e, in Contribution recorded)
    {
        ref var c = ref Counters;
        if ((recorded.Play & PlayKind.Began) != 0)
        {
            c.Plays = TakenBack.From(c.Plays);
            c.ExpectedLongViews = TakenBack.From(c.ExpectedLongViews, recorded.UserLongViews);
            if (c.PlayedItem == e.Item + 1) c.PlayedItem = 0;
        }
        if ((recorded.Play & PlayKind.WasLong) != 0) c.LongPlays = TakenBack.From(c.LongPlays);
    }

    private void TakeBackType(in LogEvent e, in ItemFacts item)
    {
        ref var c = ref Counters;
        var known = float.IsFinite(e.Value);
        switch (e.Type)
        {
            case EventType.View:
                c.Views = TakenBack.From(c.Views);
                break;
            case EventType.LongView:
                c.LongViews = TakenBack.From(c.LongViews);
                break;
            case EventType.Like or EventType.Follow:
                c.Likes = TakenBack.From(c.Likes);
                break;
            case EventType.AddToCart or EventType.Purchase:
                c.Conversions = TakenBack.From(c.Conversions);
                break;
            case EventType.Rating when known:
                (c.RatingSum, c.RatingCount) = TakenBack.Mean(c.RatingSum, c.RatingCount, e.Value);
                break;
        }
        if (!known || e.Type is not (EventType.View or EventType.LongView)) return;
        (c.WatchSeconds, c.WatchCount) = TakenBack.Mean(c.WatchSeconds, c.WatchCount, e.Value);
        if (item.DurationSeconds > 0)
            (c.WatchRatio, c.WatchRatioCount) =
                TakenBack.Mean(c.WatchRatio, c.WatchRatioCount, Math.Min(e.Value / item.DurationSeconds, 3));
    }
}
