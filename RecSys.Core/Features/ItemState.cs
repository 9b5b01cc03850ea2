namespace RecSys.Core.Features;

/// <summary>Counters of one item, 152 bytes. Times are Unix milliseconds, 0 for never; windows refer to <see cref="ClockMs"/>.</summary>
internal struct ItemState
{
    public long ClockMs;
    public long FirstMs;
    public long LastImpressionMs;
    public long LastPositiveMs;
    public WindowCounts Impressions;
    public WindowCounts Clicks;
    public WindowCounts Positives;
    /// <summary>Clicks that average items would have got at the same locations and positions (the denominator of COEC).</summary>
    public float ExpectedClicks;
    public float LongViews;
    public float Likes;
    public float Conversions;
    public float Rejections;
    public float WatchSeconds;
    public float WatchCount;
    public float WatchRatio;
    public float WatchRatioCount;
    public float RatingSum;
    public float RatingCount;
    public float Revenue;
    public float Positions;
    public float PositionCount;

    /// <summary>Brings the windows forward to a moment; a moment in the past changes nothing.</summary>
    public void Advance(long timeMs)
    {
        if (ClockMs != 0 && timeMs > ClockMs)
        {
            var fade = DecayFactors.After(timeMs - ClockMs);
            Impressions.Decay(in fade);
            Clicks.Decay(in fade);
            Positives.Decay(in fade);
        }
        ClockMs = Math.Max(ClockMs, timeMs);
    }
}
