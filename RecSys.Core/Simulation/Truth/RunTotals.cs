namespace RecSys.Core.Simulation.Truth;

/// <summary>All days of one world under one policy.</summary>
/// <param name="Days">By day.</param>
/// <param name="Users">Users who are no programs.</param>
public sealed record RunTotals(IReadOnlyList<DayTotals> Days, int Users);
