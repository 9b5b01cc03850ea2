namespace RecSys.Core.Simulation;

/// <summary>Size and seed of a synthetic world. The defaults give a week of about 350,000 impressions.</summary>
public sealed record WorldOptions
{
    /// <summary>The world of the demo and the benchmarks; figures that were measured in it stay comparable.</summary>
    public static WorldOptions Classic { get; } = new();

    public int Items { get; init; } = 20_000;
    public int Users { get; init; } = 5_000;
    public int Seed { get; init; } = 42;

    /// <summary>First moment of the history; its last is <see cref="Days"/> later.</summary>
    public DateTimeOffset Start { get; init; } = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    public int Days { get; init; } = 7;

    /// <summary>Mean over all users; single users differ by a heavy-tailed activity factor with mean 1.</summary>
    public double SessionsPerUserPerDay { get; init; } = 0.5;

    /// <summary>Items in one served list.</summary>
    public int ListLength { get; init; } = 10;
}
