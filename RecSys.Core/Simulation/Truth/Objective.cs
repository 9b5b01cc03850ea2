namespace RecSys.Core.Simulation.Truth;

/// <summary>What a list is best for: weights of an expected click, of satisfaction and of a unit of money.</summary>
public sealed record Objective(double Click, double Satisfaction, double Revenue)
{
    public static Objective Clicks { get; } = new(1, 0, 0);
    public static Objective OfSatisfaction { get; } = new(0, 1, 0);
    public static Objective OfRevenue { get; } = new(0, 0, 1);
}
