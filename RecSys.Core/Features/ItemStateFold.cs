using RecSys.Core.Domain;

namespace RecSys.Core.Features;

/// <content>The fold of one item's events.</content>
internal partial struct ItemState
{
    /// <summary>Takes in one event; late ones count with the weight they would have by now.</summary>
    /// <param name="e">The event.</param>
    /// <param name="kind">Its classes.</param>
    /// <param name="c">What was recorded for it.</param>
    /// <param name="durationSeconds">Of the item; NaN when unknown.</param>
    public void Apply(in LogEvent e, in EventKind kind, in Contribution c, float durationSeconds)
    {
        var weights = DecayFactors.None;
        if (e.TimeMs < ClockMs) weights = DecayFactors.After(ClockMs - e.TimeMs);
        else if (!kind.Undo) Advance(e.TimeMs);
        if (kind.Undo)
        {
            TakeBack(in e, in kind, in c, in weights, durationSeconds);
            return;
        }
        if (FirstMs == 0 || e.TimeMs < FirstMs) FirstMs = e.TimeMs;

        if (kind.Impression)
        {
            Impressions.Add(in weights);
            LastImpressionMs = Math.Max(LastImpressionMs, e.TimeMs);
            ExpectedClicks += c.ItemClicks;
            if (PlaceSlot(e.Location) is >= 0 and var place) PlaceImpressions[place]++;
            if (e.Position >= 0) (Positions, PositionCount) = (Positions + e.Position, PositionCount + 1);
        }
        if (kind.Click)
        {
            Clicks.Add(in weights);
            if (FindPlace(e.Location) is >= 0 and var place) PlaceClicks[place]++;
        }
        if (kind.Positive)
        {
            Positives.Add(in weights);
            LastPositiveMs = Math.Max(LastPositiveMs, e.TimeMs);
        }
        if ((c.Play & PlayKind.Began) != 0)
        {
            Plays++;
            ExpectedLongViews += c.ItemLongViews;
        }
        if ((c.Play & PlayKind.WasLong) != 0) LongPlays++;
        if (kind.Negative) Rejections++;
        CountType(in e, durationSeconds);
    }

    private void CountType(in LogEvent e, float durationSeconds)
    {
        var known = float.IsFinite(e.Value);
        switch (e.Type)
        {
            case EventType.View:
                Views++;
                break;
            case EventType.LongView:
                LongViews++;
                break;
            case EventType.Like or EventType.Follow:
                Likes++;
                break;
            case EventType.AddToCart or EventType.Purchase:
                Conversions++;
                if (known && e.Type == EventType.Purchase) Revenue += e.Value;
                break;
            case EventType.Rating when known:
                (RatingSum, RatingCount) = (RatingSum + e.Value, RatingCount + 1);
                break;
        }
        if (!known || e.Type is not (EventType.View or EventType.LongView)) return;
        (WatchSeconds, WatchCount) = (WatchSeconds + e.Value, WatchCount + 1);
        if (durationSeconds > 0) (WatchRatio, WatchRatioCount) = (WatchRatio + Math.Min(e.Value / durationSeconds, 3), WatchRatioCount + 1);
    }

    private void TakeBack(in LogEvent e, in EventKind kind, in Contribution c, in DecayFactors weights, float durationSeconds)
    {
        var place = FindPlace(e.Location);
        if (kind.Impression)
        {
            Impressions.TakeBack(in weights);
            ExpectedClicks = TakenBack.From(ExpectedClicks, c.ItemClicks);
            if (place >= 0) PlaceImpressions[place] = TakenBack.From(PlaceImpressions[place]);
            if (e.Position >= 0) (Positions, PositionCount) = TakenBack.Mean(Positions, PositionCount, e.Position);
        }
        if (kind.Click)
        {
            Clicks.TakeBack(in weights);
            if (place >= 0) PlaceClicks[place] = TakenBack.From(PlaceClicks[place]);
        }
        if (kind.Positive) Positives.TakeBack(in weights);
        if ((c.Play & PlayKind.Began) != 0)
            (Plays, ExpectedLongViews) = (TakenBack.From(Plays), TakenBack.From(ExpectedLongViews, c.ItemLongViews));
        if ((c.Play & PlayKind.WasLong) != 0) LongPlays = TakenBack.From(LongPlays);
        if (kind.Negative) Rejections = TakenBack.From(Rejections);
        TakeBackType(in e, durationSeconds);
    }

    private void TakeBackType(in LogEvent e, float durationSeconds)
    {
        var known = float.IsFinite(e.Value);
        switch (e.Type)
        {
            case EventType.View:
                Views = TakenBack.From(Views);
                break;
            case EventType.LongView:
                LongViews = TakenBack.From(LongViews);
                break;
            case EventType.Like or EventType.Follow:
                Likes = TakenBack.From(Likes);
                break;
            case EventType.AddToCart or EventType.Purchase:
                Conversions = TakenBack.From(Conversions);
                // A refund comes with a negative amount, a cancelled order with the order's own.
                if (known && e.Type == EventType.Purchase) Revenue = TakenBack.From(Revenue, Math.Abs(e.Value));
                break;
            case EventType.Rating when known:
                (RatingSum, RatingCount) = TakenBack.Mean(RatingSum, RatingCount, e.Value);
                break;
        }
        if (!known || e.Type is not (EventType.View or EventType.LongView)) return;
        (WatchSeconds, WatchCount) = TakenBack.Mean(WatchSeconds, WatchCount, e.Value);
        if (durationSeconds > 0)
            (WatchRatio, WatchRatioCount) = TakenBack.Mean(WatchRatio, WatchRatioCount, Math.Min(e.Value / durationSeconds, 3));
    }
}
