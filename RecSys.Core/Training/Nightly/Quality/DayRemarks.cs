using static System.FormattableString;

namespace RecSys.Core.Training.Nightly.Quality;

/// <summary>What differs between the days of a window: volume, and the fields that senders fill in.</summary>
internal static class DayRemarks
{
    public static IReadOnlyList<string> Of(IReadOnlyList<DayQuality> days, QualityOptions options) =>
        [.. Volume(days, options), .. Schema(days, options)];

    private static IEnumerable<string> Volume(IReadOnlyList<DayQuality> days, QualityOptions options)
    {
        var volumes = days.Select(day => day.Raw).Order().ToArray();
        if (volumes.Length < 3) yield break;
        var median = volumes[volumes.Length / 2];
        foreach (var day in days)
        {
            if (day.Raw == 0 && median > 0) yield return Invariant($"{day.Day:yyyy-MM-dd} has no events.");
            else if (day.Raw * options.VolumeFactor < median)
                yield return Invariant($"{day.Day:yyyy-MM-dd} has {day.Raw:#,0} events where the median day has {median:#,0}.");
            else if (day.Raw > median * options.VolumeFactor)
                yield return Invariant($"{day.Day:yyyy-MM-dd} has {day.Raw:#,0} events where the median day has {median:#,0}.");
        }
    }

    private static IEnumerable<string> Schema(IReadOnlyList<DayQuality> days, QualityOptions options)
    {
        DayQuality? before = null;
        foreach (var day in days.Where(day => day.Raw > 0))
        {
            foreach (var (field, share) in day.Filled)
            {
                if (before is not null && Math.Abs(share - before.Filled[field]) > options.FilledShare)
                    yield return Invariant($"{field} is filled in for {100 * share:0} % of the events of {day.Day:yyyy-MM-dd}, ")
                        + Invariant($"for {100 * before.Filled[field]:0} % on {before.Day:yyyy-MM-dd}.");
            }
            before = day;
        }
    }
}
