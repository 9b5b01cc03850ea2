using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RecSys.Core.Domain;

namespace RecSys.Core.Monitoring.Business;

/// <summary>What served lists bring, to be read by people and alerts. By the clock of the served world. Thread-safe.</summary>
public sealed class BusinessFigures
{
    // The shortest stretch that says enough is taken, so that a fall is seen soon where there is much traffic.
    private const int ShortestMinutes = 5;
    private const int EnoughImpressions = 2_000;
    private const int FewestImpressions = 300;

    private readonly BusinessLedger ledger;
    private readonly MonitoringOptions options;
    private readonly TimeProvider time;

    internal BusinessFigures(
        BusinessLedger ledger, IOptions<MonitoringOptions> options, [FromKeyedServices(ServedTime.Key)] TimeProvider time) =>
        (this.ledger, this.options, this.time) = (ledger, options.Value, time);

    /// <summary>Most hours that can be asked for.</summary>
    public static int MostHours => BusinessLedger.KeptHours;

    /// <summary>
    /// How far the click rate is from the usual one, as a share of it, counting only what noise cannot explain: -0.3 says that surely 30 %
    /// are missing, 0 that nothing is proven. Null where there are too few impressions, or nothing is usual yet.
    /// </summary>
    public double? ClickRateChange => CompareClickRate()?.Proven;

    /// <summary>What happened in the last 60 minutes.</summary>
    public BusinessTotals LastHour => ledger.ReadMinutes(Now - BusinessLedger.KeptMinutes * BusinessLedger.MinuteMs, long.MaxValue);

    /// <summary>The click rate that is wanted; null where none is set.</summary>
    public double? TargetClickRate => options.TargetClickRate;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>
    /// The click rate of the shortest of the last 5 to 59 full minutes that have 2,000 impressions, at least 300 in all of them, beside the
    /// usual one of this hour of the day.
    /// </summary>
    public ClickRateComparison? CompareClickRate()
    {
        var end = Now / BusinessLedger.MinuteMs * BusinessLedger.MinuteMs;
        if (UsualClickRate.Before(ledger.ReadHours(), HourOf(end)) is not { } usual || usual <= 0) return null;
        for (var minutes = ShortestMinutes; ; minutes++)
        {
            var stretch = ledger.ReadMinutes(end - minutes * BusinessLedger.MinuteMs, end);
            // In the last minute kept some is gone already.
            var last = minutes == BusinessLedger.KeptMinutes - 1;
            if (stretch.Impressions >= EnoughImpressions || (last && stretch.Impressions >= FewestImpressions))
                return ClickRateComparison.Of(minutes, stretch.Impressions, stretch.Clicks, usual);
            if (last) return null;
        }
    }

    /// <summary>The figures of the last hours, the present one among them.</summary>
    /// <param name="count">1 to <see cref="MostHours"/>.</param>
    public BusinessWindow Read(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostHours);
        var now = Now;
        var from = HourOf(now) - (count - 1) * BusinessLedger.HourMs;
        var hours = ledger.ReadHours();
        var sum = ledger.Sum(from, long.MaxValue);
        return new BusinessWindow(
            At(from), At(now), LastHour, options.TargetClickRate,
            [.. Enumerable.Range(0, count).Select(i => RowOf(hours, from + i * BusinessLedger.HourMs))],
            sum.Totals, Revenue(sum),
            Enum.GetValues<BreakDown>().ToDictionary(dimension => dimension, dimension => Rows(sum.By(dimension))),
            ledger.Currency, ledger.FoundCurrency, ledger.ReadLeftOut(), CompareClickRate());
    }

    private static BusinessHourRow RowOf(Dictionary<long, BusinessTotals> hours, long hour) => new(
        At(hour), hours.GetValueOrDefault(hour), hours.GetValueOrDefault(hour - 24 * BusinessLedger.HourMs).ClickRate,
        UsualClickRate.OfHour(hours, hour));

    private static List<NamedRevenue> Revenue(BusinessHour sum)
    {
        var rows = new List<NamedRevenue>();
        for (var source = 1; source < sum.Revenue.Length; source++)
            rows.Add(new NamedRevenue(EventNames.RevenueSources[source], sum.Revenue[source]));
        return rows;
    }

    private static IReadOnlyList<BusinessRow> Rows(NamedTotals totals) =>
    [
        .. totals.Rows.Select(row => new BusinessRow(row.Key, row.Value)).OrderByDescending(row => row.Totals.Requests)
            .ThenBy(row => row.Name, StringComparer.Ordinal),
    ];

    private static long HourOf(long ms) => ms / BusinessLedger.HourMs * BusinessLedger.HourMs;

    private static DateTimeOffset At(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);
}
