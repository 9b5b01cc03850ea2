namespace RecSys.Core.Monitoring.Drift;

/// <summary>The mix of categories.</summary>
/// <param name="Shift">How far it moved.</param>
/// <param name="Shares">By category, the largest of the reference first.</param>
public sealed record CategoryShift(Shift Shift, IReadOnlyList<CategoryShare> Shares);
