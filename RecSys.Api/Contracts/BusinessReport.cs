using System.Globalization;
using RecSys.Core.Monitoring.Business;

namespace RecSys.Api.Contracts;

/// <summary>Reply of <c>GET /monitoring/business</c>: what the lists answered in some hours brought, whenever it came.</summary>
/// <param name="From">Start of the first hour.</param>
/// <param name="To">Now.</param>
/// <param name="Currency">Of all money; null before any came.</param>
/// <param name="CurrencyNote">Where no option named the currency: how it came about, what it leaves out, and which option names another;
/// else null.</param>
/// <param name="Now">What happened in the last 60 minutes.</param>
/// <param name="Total">The lists of all the hours.</param>
/// <param name="Hours">Each hour, the present one last.</param>
/// <param name="RevenueBySource">Money of all the hours.</param>
/// <param name="By">The same lists by what tells them apart.</param>
/// <param name="ClickRate">The last minutes beside what is usual; null where there is too little to say.</param>
/// <param name="LeftOut">Events in no figure since the figures began, by reason.</param>
public sealed record BusinessReport(
    DateTimeOffset From, DateTimeOffset To, string? Currency, string? CurrencyNote, BusinessNow Now, BusinessBody Total,
    IReadOnlyList<BusinessHourBody> Hours, IReadOnlyList<RevenueBody> RevenueBySource, BusinessBreakDowns By, ClickRateBody? ClickRate,
    IReadOnlyDictionary<string, long> LeftOut)
{
    internal static BusinessReport Of(BusinessWindow window) => new(
        window.From, window.To, window.Currency, NoteOf(window), BusinessNow.Of(window.Now, window.Target),
        BusinessBody.Of("total", window.All), [.. window.Hours.Select(BusinessHourBody.Of)],
        [.. window.Revenue.Select(revenue => RevenueBody.Of(revenue, window.All.Impressions))], BusinessBreakDowns.Of(window.By),
        ClickRateBody.Of(window.Comparison),
        LeftOutNames.All.Zip(window.LeftOut).ToDictionary(reason => reason.First, reason => reason.Second));

    private static string? NoteOf(BusinessWindow window)
    {
        if (window.FoundCurrency is not { } found) return null;
        var others = window.LeftOut[(int)Core.Monitoring.Business.LeftOut.OtherCurrency].ToString(CultureInfo.InvariantCulture);
        return $"{found} is the first currency that an event named. Money in another one is left out, of {others} events so far. "
            + "Monitoring:Currency names the one that is wanted, and the next start counts anew.";
    }
}
