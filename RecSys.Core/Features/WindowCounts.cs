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
}
