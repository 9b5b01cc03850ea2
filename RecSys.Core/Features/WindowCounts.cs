namespace RecSys.Core.Features;

/// <summary>
/// The same count over five windows: c(t) = sum over events of exp(-(t - t_event) / window) for 1 h, 1 d, 7 d and 30 d, and the plain
/// total. The owner keeps the time that the values refer to.
/// </summary>
internal struct WindowCounts
{
    public float Hour;
    public float Day;
    public float Week;
    public float Month;
    public float All;

    public void Decay(in DecayFactors factors)
    {
        Hour *= factors.Hour;
        Day *= factors.Day;
        Week *= factors.Week;
        Month *= factors.Month;
    }

    public void Add(in DecayFactors weights)
    {
        Hour += weights.Hour;
        Day += weights.Day;
        Week += weights.Week;
        Month += weights.Month;
        All++;
    }

    /// <summary>Takes an event of these weights back; nothing falls below 0.</summary>
    public void TakeBack(in DecayFactors weights)
    {
        Hour = TakenBack.From(Hour, weights.Hour);
        Day = TakenBack.From(Day, weights.Day);
        Week = TakenBack.From(Week, weights.Week);
        Month = TakenBack.From(Month, weights.Month);
        All = TakenBack.From(All);
    }

    /// <summary>Takes in the counts of another; both refer to the same time.</summary>
    public void Add(in WindowCounts other)
    {
        Hour += other.Hour;
        Day += other.Day;
        Week += other.Week;
        Month += other.Month;
        All += other.All;
    }
}
