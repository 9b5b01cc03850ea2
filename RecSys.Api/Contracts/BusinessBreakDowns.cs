using RecSys.Core.Monitoring.Business;

namespace RecSys.Api.Contracts;

/// <summary>The lists by what tells them apart; at most 40 rows each and <c>other</c>.</summary>
/// <param name="Variant">Arms of the experiment.</param>
/// <param name="Scenario">Named placements.</param>
/// <param name="Segment">Kinds of users; those of one kind add up.</param>
/// <param name="Source">Who proposed the items; one that several proposed counts for each.</param>
public sealed record BusinessBreakDowns(
    IReadOnlyList<BusinessBody> Variant, IReadOnlyList<BusinessBody> Scenario, IReadOnlyList<BusinessBody> Segment,
    IReadOnlyList<BusinessBody> Source)
{
    internal static BusinessBreakDowns Of(IReadOnlyDictionary<BreakDown, IReadOnlyList<BusinessRow>> by)
    {
        return new BusinessBreakDowns(
            Rows(BreakDown.Variant), Rows(BreakDown.Scenario), Rows(BreakDown.Segment), Rows(BreakDown.Source));

        BusinessBody[] Rows(BreakDown dimension) => [.. by[dimension].Select(row => BusinessBody.Of(row.Name, row.Totals))];
    }
}
