namespace RecSys.Core.Training.Skew;

/// <summary>What the skew check looks at and what it lets pass.</summary>
public sealed record SkewOptions
{
    /// <summary>Only requests from this moment on; null for all that are logged.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only requests from before this moment; null for all that are logged.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Stops at the request that reaches this many rows; the latest requests are taken.</summary>
    public int MaxRows { get; init; } = 20_000;

    /// <summary>Largest share of differing values that a feature may have: 0.005 is one in two hundred.</summary>
    public double ToleratedShare { get; init; } = 0.005;
}
