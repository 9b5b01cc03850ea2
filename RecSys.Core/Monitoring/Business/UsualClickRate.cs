namespace RecSys.Core.Monitoring.Business;

/// <summary>What click rate an hour of the day usually has.</summary>
internal static class UsualClickRate
{
    /// <summary>Days back that count.</summary>
    public const int Days = 28;

    /// <summary>An hour with fewer impressions says nothing.</summary>
    public const int MinImpressions = 100;

    /// <summary>Past days that must have said something.</summary>
    public const int MinDays = 3;

    /// <summary>Impressions that earlier hours must have where past days say too little.</summary>
    public const int MinEarlier = 2_000;

    /// <summary>
    /// The median over the same hour of the past <see cref="Days"/> days; null where fewer than <see cref="MinDays"/> of them had
    /// <see cref="MinImpressions"/> impressions. A median, so that a day that went wrong does not become what is usual.
    /// </summary>
    /// <param name="hours">Totals by the start of the hour, Unix milliseconds.</param>
    /// <param name="hour">Start of the hour.</param>
    public static double? OfHour(IReadOnlyDictionary<long, BusinessTotals> hours, long hour)
    {
        var rates = new List<double>();
        for (var day = 1; day <= Days; day++)
        {
            if (hours.TryGetValue(hour - day * 24 * BusinessLedger.HourMs, out var past) && past.Impressions >= MinImpressions)
                rates.Add(past.ClickRate!.Value);
        }
        if (rates.Count < MinDays) return null;
        rates.Sort();
        return (rates[(rates.Count - 1) / 2] + rates[rates.Count / 2]) / 2;
    }

    /// <summary>
    /// As <see cref="OfHour"/>; on a server's first days the rate of all hours before, with <see cref="MinEarlier"/> impressions at least.
    /// </summary>
    public static double? Before(IReadOnlyDictionary<long, BusinessTotals> hours, long hour)
    {
        if (OfHour(hours, hour) is { } usual) return usual;
        var earlier = hours.Where(each => each.Key < hour).Aggregate(default(BusinessTotals), (sum, each) => sum + each.Value);
        return earlier.Impressions >= MinEarlier ? earlier.ClickRate : null;
    }
}
