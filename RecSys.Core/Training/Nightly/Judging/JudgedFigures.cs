using RecSys.Core.Evaluation;

namespace RecSys.Core.Training.Nightly.Judging;

/// <summary>The figures of one model or baseline.</summary>
/// <param name="Name">Its part in the comparison.</param>
/// <param name="Version">Null for baselines.</param>
/// <param name="Values">By name; figures that it cannot give are absent.</param>
/// <param name="Intervals">By name; figures without one are absent.</param>
internal sealed record JudgedFigures(
    string Name, string? Version, IReadOnlyDictionary<string, double> Values, IReadOnlyDictionary<string, Interval> Intervals);
