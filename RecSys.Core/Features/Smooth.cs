namespace RecSys.Core.Features;

/// <summary>Rates that stay sensible with few observations.</summary>
internal static class Smooth
{
    /// <summary>
    /// Mean of a Beta prior with mean <paramref name="prior"/> and <paramref name="strength"/> pseudo-observations after the data.
    /// </summary>
    public static float Rate(float hits, float tries, float prior, float strength) => (hits + prior * strength) / (tries + strength);

    /// <summary>ln(p / (1 - p)), with p kept 0.001 away from both ends.</summary>
    public static float LogOdds(float rate)
    {
        var p = Math.Clamp(rate, 0.001f, 0.999f);
        return MathF.Log(p / (1 - p));
    }

    /// <summary>The probability whose odds are <paramref name="lift"/> times those of <paramref name="rate"/>.</summary>
    public static float Lifted(float rate, float lift)
    {
        var odds = Math.Clamp(rate, 0.001f, 0.999f) * lift;
        return odds / (odds + 1 - Math.Clamp(rate, 0.001f, 0.999f));
    }

    /// <summary>sum / count, NaN without observations.</summary>
    public static float Mean(float sum, float count) => count > 0 ? sum / count : float.NaN;

    /// <summary>Hours from a moment to now, never negative; NaN when the moment is 0 (never).</summary>
    public static float HoursSince(long momentMs, long nowMs) =>
        momentMs == 0 ? float.NaN : Math.Max(0, nowMs - momentMs) * (1f / DecayFactors.HourMs);
}
