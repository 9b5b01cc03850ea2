namespace RecSys.Core.Features;

/// <summary>Impressions and what followed them for one group of the log, such as a category, a creator or a location. 40 bytes.</summary>
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
    private uint sequence;

    public void Apply(long timeMs, in EventKind kind)
    {
        SequenceLock.Enter(ref sequence);
        var weights = DecayFactors.None;
        if (timeMs < ClockMs) weights = DecayFactors.After(ClockMs - timeMs);
        else if (!kind.Undo) Advance(timeMs);
        if (kind.Undo) TakeBack(in kind, in weights);
        else
        {
            if (kind.Impression) (Impressions, ImpressionsWeek) = (Impressions + 1, ImpressionsWeek + weights.Week);
            if (kind.Click) (Clicks, ClicksWeek) = (Clicks + 1, ClicksWeek + weights.Week);
            if (kind.Positive)
                (Positives, PositivesWeek, PositivesDay) = (Positives + 1, PositivesWeek + weights.Week, PositivesDay + weights.Day);
        }
        SequenceLock.Exit(ref sequence);
    }

    /// <summary>
    /// A copy as of between two events, for what reads several fading counts: one that had faded and one that had not would make a rate of
    /// what never was. All-time counts need no copy; an event half counted moves their ratio by less than one event.
    /// </summary>
    public static RateCell Copy(ref readonly RateCell cell)
    {
        var spin = new SpinWait();
        RateCell copy;
        while (!SequenceLock.TryCopy(in cell, in cell.sequence, out copy)) spin.SpinOnce(sleep1Threshold: -1);
        return copy;
    }

    /// <summary>
    /// All-time click rate drawn towards <paramref name="prior"/> with the weight of <paramref name="strength"/> impressions.
    /// </summary>
    public readonly float Rate(float prior, float strength) => Smooth.Rate(Clicks, Impressions, prior, strength);

    /// <summary>
    /// Click rate of about the last week; both counts fade alike, so it only depends on their ratio and how much is left.
    /// </summary>
    public readonly float RateWeek(float prior, float strength) => Smooth.Rate(ClicksWeek, ImpressionsWeek, prior, strength);

    private void Advance(long timeMs)
    {
        if (ClockMs != 0 && timeMs != ClockMs)
        {
            var hours = DecayFactors.Hours(timeMs - ClockMs);
            var week = DecayFactors.WeekAfter(hours);
            (ImpressionsWeek, ClicksWeek, PositivesWeek) = (ImpressionsWeek * week, ClicksWeek * week, PositivesWeek * week);
            PositivesDay *= DecayFactors.DayAfter(hours);
        }
        ClockMs = timeMs;
    }

    private void TakeBack(in EventKind kind, in DecayFactors weights)
    {
        if (kind.Impression) (Impressions, ImpressionsWeek) = (TakenBack.From(Impressions), TakenBack.From(ImpressionsWeek, weights.Week));
        if (kind.Click) (Clicks, ClicksWeek) = (TakenBack.From(Clicks), TakenBack.From(ClicksWeek, weights.Week));
        if (!kind.Positive) return;
        (Positives, PositivesWeek, PositivesDay) =
            (TakenBack.From(Positives), TakenBack.From(PositivesWeek, weights.Week), TakenBack.From(PositivesDay, weights.Day));
    }
}
