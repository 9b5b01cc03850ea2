using RecSys.Core.Monitoring.Drift;

namespace RecSys.Api.Contracts;

/// <summary>Mix of the places' categories.</summary>
/// <param name="Psi">As of a feature.</param>
/// <param name="Status">As of a feature.</param>
/// <param name="Shares">The largest of the reference first.</param>
public sealed record DriftCategoriesBody(double? Psi, string Status, IReadOnlyList<DriftCategoryBody> Shares)
{
    internal static DriftCategoriesBody Of(CategoryShift shift) => new(
        Rounded.Rate(shift.Shift.Psi), shift.Shift.Status.ToName(),
        [.. shift.Shares.Select(share =>
            new DriftCategoryBody(share.Category, Math.Round(share.Reference, 6), Math.Round(share.Current, 6)))]);
}
