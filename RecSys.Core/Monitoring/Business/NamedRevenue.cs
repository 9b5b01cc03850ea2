namespace RecSys.Core.Monitoring.Business;

/// <summary>Money of a source.</summary>
/// <param name="Source">Its name.</param>
/// <param name="Totals">The money.</param>
public sealed record NamedRevenue(string Source, RevenueTotals Totals);
