using RecSys.Core.Simulation.Truth;

namespace RecSys.Api.Commands.Simulating;

/// <summary>Both systems in the worlds of one seed, from the day on whose night before gave a model.</summary>
/// <param name="Seed">Of the world.</param>
/// <param name="Retrained">By day.</param>
/// <param name="Frozen">By day.</param>
/// <param name="Decisions">Of each night; the first that gave a model made the one that both start with.</param>
internal sealed record RetrainedRun(
    int Seed, IReadOnlyList<DayTotals> Retrained, IReadOnlyList<DayTotals> Frozen, IReadOnlyList<NightDecision> Decisions)
{
    /// <summary>By day, of the system that refits what its nights find good; null where there was none.</summary>
    public IReadOnlyList<DayTotals>? Refitted { get; init; }

    /// <summary>Of its nights; those until the first model are those of the others.</summary>
    public IReadOnlyList<NightDecision> RefittedDecisions { get; init; } = [];

    /// <summary>Clicks per shown item, of people alone.</summary>
    public static double Ctr(IReadOnlyList<DayTotals> days) =>
        days.Sum(day => (double)day.Clicks) / Math.Max(1, days.Sum(day => (double)day.Impressions));
}
