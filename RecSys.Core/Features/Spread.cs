namespace RecSys.Core.Features;

/// <summary>Running mean and variance (Welford).</summary>
internal struct Spread
{
    public float Count;
    public float Mean;
    public float SquaredDeviations;

    public void Add(float value)
    {
        if (float.IsNaN(value)) return;
        Count++;
        var before = value - Mean;
        Mean += before / Count;
        SquaredDeviations += before * (value - Mean);
    }

    /// <summary>Takes in everything of another (Chan, Golub and LeVeque).</summary>
    public void Merge(in Spread other)
    {
        var count = Count + other.Count;
        if (count == 0) return;
        var between = other.Mean - Mean;
        SquaredDeviations += other.SquaredDeviations + between * between * (Count * other.Count / count);
        Mean = (Count * Mean + other.Count * other.Mean) / count;
        Count = count;
    }

    public readonly float MeanOrNaN => Count > 0 ? Mean : float.NaN;

    /// <summary>Standard deviation, NaN below two values.</summary>
    public readonly float Deviation => Count > 1 ? MathF.Sqrt(SquaredDeviations / (Count - 1)) : float.NaN;
}
