namespace RecSys.Core.Monitoring.Business;

/// <summary>A row of a break-down.</summary>
/// <param name="Name">What it is of.</param>
/// <param name="Totals">Of its lists.</param>
public sealed record BusinessRow(string Name, BusinessTotals Totals);
