using System.Globalization;
using RecSys.Core.Events;

namespace RecSys.Api.Hosting;

/// <summary>What to know of a log that is served as of another moment than now.</summary>
/// <param name="ServedAsOf">The moment that features, windows and rules refer to.</param>
/// <param name="Note">Why, and what can be done.</param>
internal sealed record ServedAge(DateTimeOffset ServedAsOf, string Note)
{
    private static readonly TimeSpan Worth = TimeSpan.FromDays(1);

    /// <summary>Null for a log that is served as of now, give or take a day.</summary>
    /// <param name="live">The folded log.</param>
    /// <param name="served">Time of the served clock.</param>
    /// <param name="now">Time of the machine.</param>
    public static ServedAge? Of(LiveState live, DateTimeOffset served, DateTimeOffset now)
    {
        var moment = DateTimeOffset.FromUnixTimeMilliseconds(live.FeatureTimeMs(served));
        if (now - moment < Worth) return null;
        var at = string.Create(CultureInfo.InvariantCulture, $"{moment:yyyy-MM-dd HH:mm}Z");
        return new ServedAge(moment, live.FollowsClock
            ? $"lists are those of {at}, by a clock that runs on from --as-of; events without a time get its time, later ones are refused."
            : $"the log ended {Ago(now - moment)} ago; lists are those of its end ({at}) until {Events(live.LiveEventsMissing)} come, "
                + $"which move them to now. Import what came since, or serve --as-of {AsOf.LastEvent} to go on from the end of the log.");
    }

    private static string Events(long missing) => missing == 1
        ? "one more live event has" : string.Create(CultureInfo.InvariantCulture, $"{missing} more live events have");

    private static string Ago(TimeSpan age) => age.TotalDays < 730
        ? string.Create(CultureInfo.InvariantCulture, $"{age.TotalDays:F0} days")
        : string.Create(CultureInfo.InvariantCulture, $"{age.TotalDays / 365.25:F0} years");
}
