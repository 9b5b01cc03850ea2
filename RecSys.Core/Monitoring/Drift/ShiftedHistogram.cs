namespace RecSys.Core.Monitoring.Drift;

/// <summary>A histogram beside that of the reference.</summary>
/// <param name="Name">Of the feature.</param>
/// <param name="Shift">How far it moved.</param>
/// <param name="Rows">What was counted: places, or lists where all places of a list are alike.</param>
/// <param name="Edges">Inner edges of the bins, one fewer than bins.</param>
/// <param name="Reference">Shares by bin; what is missing is the last. Empty without a reference.</param>
/// <param name="Current">As <paramref name="Reference"/>.</param>
public sealed record ShiftedHistogram(
    string Name, Shift Shift, int Rows, IReadOnlyList<float> Edges, IReadOnlyList<double> Reference, IReadOnlyList<double> Current);
