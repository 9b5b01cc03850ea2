using RecSys.Core.Training.Nightly.Quality;

namespace RecSys.Core.Training.Nightly.Files;

/// <summary>What the check of the data found, <c>quality.json</c>.</summary>
/// <param name="Raw">Events that came.</param>
/// <param name="Kept">Events that are learnt from.</param>
/// <param name="Rate">Share of those.</param>
/// <param name="Floor">The least share that a window may be trained on.</param>
/// <param name="UnknownItems">Events that wait because nobody knows their item.</param>
/// <param name="Bots">Users whose events are left out.</param>
/// <param name="Rejected">Events left out, by reason.</param>
/// <param name="Days">The same by day.</param>
/// <param name="Remarks">What differs between days, in words.</param>
internal sealed record QualityFile(
    long Raw, long Kept, double Rate, double Floor, long UnknownItems, int Bots, IReadOnlyDictionary<string, long> Rejected,
    IReadOnlyList<DayQuality> Days, IReadOnlyList<string> Remarks)
{
    public static QualityFile Of(QualityReport report, double floor) => new(
        report.Raw, report.Kept, report.Rate, floor, report.UnknownItems, report.Bots,
        Enum.GetValues<EventFault>().Where(fault => fault != EventFault.None)
            .ToDictionary(fault => fault.ToString(), report.Rejected), report.Days, report.Remarks);
}
