using RecSys.Core.Simulation.Policies;

namespace RecSys.Core.Simulation.Truth;

/// <summary>One side of a comparison.</summary>
/// <param name="Name">As in the report.</param>
/// <param name="Policy">Makes the policy anew for each world.</param>
public sealed record WorldArm(string Name, Func<IServingPolicy> Policy)
{
    /// <summary>What this side changes of the world; nothing by default.</summary>
    public Func<WorldOptions, WorldOptions> Change { get; init; } = options => options;
}
