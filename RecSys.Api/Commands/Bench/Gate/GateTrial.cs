using RecSys.Core.Training.Nightly.Files;

namespace RecSys.Api.Commands.Bench.Gate;

/// <summary>What the gate made of one challenger.</summary>
/// <param name="Seed">Of the world.</param>
/// <param name="Kind">What was wrong with it.</param>
/// <param name="Gate">The decision.</param>
/// <param name="Seconds">From its first step to the gate.</param>
internal sealed record GateTrial(int Seed, ChallengerKind Kind, GateFile Gate, double Seconds)
{
    /// <summary>Names of the criteria that it did not meet.</summary>
    public IReadOnlyList<string> Failed =>
        [.. Gate.Criteria.Where(criterion => !criterion.Passed).Select(criterion => criterion.Name).Distinct()];

    /// <summary>It passed as a good one, or was refused by what is made for it.</summary>
    public bool IsRight => Kind.Criterion is { } criterion ? !Gate.Passed && Failed.Contains(criterion) : Gate.Passed;
}
