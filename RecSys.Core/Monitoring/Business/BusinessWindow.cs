namespace RecSys.Core.Monitoring.Business;

/// <summary>Business figures of some hours.</summary>
/// <param name="From">Start of the first hour.</param>
/// <param name="To">Now, within the last hour.</param>
/// <param name="Now">What happened in the last 60 minutes.</param>
/// <param name="Target">Click rate wanted; null where none is set.</param>
/// <param name="Hours">From the first on, each one, those in which nothing was, too.</param>
/// <param name="All">The lists of all those hours.</param>
/// <param name="Revenue">Money by source, all but <c>none</c>, in the order of the stored values.</param>
/// <param name="By">Rows of each break-down, those with most requests first.</param>
/// <param name="Currency">Of all money; null before any came.</param>
/// <param name="FoundCurrency">The same where no option named it, but the first event with one; else null.</param>
/// <param name="LeftOut">Events in no figure since the figures began, by <see cref="Business.LeftOut"/>.</param>
/// <param name="Comparison">Of the click rate with the usual one; null where there is too little to say.</param>
public sealed record BusinessWindow(
    DateTimeOffset From, DateTimeOffset To, BusinessTotals Now, double? Target, IReadOnlyList<BusinessHourRow> Hours, BusinessTotals All,
    IReadOnlyList<NamedRevenue> Revenue, IReadOnlyDictionary<BreakDown, IReadOnlyList<BusinessRow>> By, string? Currency,
    string? FoundCurrency, IReadOnlyList<long> LeftOut, ClickRateComparison? Comparison);
