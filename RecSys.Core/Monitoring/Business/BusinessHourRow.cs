namespace RecSys.Core.Monitoring.Business;

/// <summary>An hour of a <see cref="BusinessWindow"/>.</summary>
/// <param name="Hour">Its start.</param>
/// <param name="Totals">Of its lists.</param>
/// <param name="Yesterday">Click rate of the same hour of the day before; null where there was nothing.</param>
/// <param name="Usual">See <see cref="UsualClickRate.OfHour"/>.</param>
public sealed record BusinessHourRow(DateTimeOffset Hour, BusinessTotals Totals, double? Yesterday, double? Usual);
