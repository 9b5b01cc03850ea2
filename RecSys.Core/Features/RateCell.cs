namespace RecSys.Core.Features;

/// <summary>Impressions and what followed them for one group of the log, such as a category, a creator or a location.</summary>
internal struct RateCell
{
    public long ClockMs;
    public float Impressions;
    public float Clicks;
    public float ImpressionsWeek;
    public float ClicksWeek;
    public float PositivesDay;
    public float PositivesWeek;
    public float Positives;

    public void Apply(long timeMs, bool impression, bool click, bool positive)
    {
        var weights = DecayFactors.None;
        if (timeMs >= ClockMs)
        {
            var fade = ClockMs == 0 ? DecayFactors.None : DecayFactors.After(timeMs - ClockMs);
            (ImpressionsWeek, ClicksWeek, PositivesWeek) = (ImpressionsWeek * fade.Week, ClicksWeek * fade.Week, PositivesWeek * fade.Week);
            PositivesDay *= fade.Day;
            ClockMs = timeMs;
        }
        else weights = DecayFactors.After(ClockMs - timeMs);

        if (impression) (Impressions, ImpressionsWeek) = (Impressions + 1, ImpressionsWeek + weights.Week);
        if (click) (Clicks, ClicksWeek) = (Clicks + 1, ClicksWeek + weights.Week);
        if (positive) (Positives, PositivesWeek, PositivesDay) = (Positives + 1, PositivesWeek + weights.Week, PositivesDay + weights.Day);
    }

    /// <summary>All-time click rate drawn towards <paramref name="prior"/> with the weight of <paramref name="strength"/> impressions.</summary>
    public readonly float Rate(float prior, float strength) => Smooth.Rate(Clicks, Impressions, prior, strength);

    /// <summary>Click rate of about the last week; both counts fade alike, so it only depends on their ratio and how much is left.</summary>
    public readonly float RateWeek(float prior, float strength) => Smooth.Rate(ClicksWeek, ImpressionsWeek, prior, strength);
}
