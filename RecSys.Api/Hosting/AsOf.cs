using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Storage;

namespace RecSys.Api.Hosting;

/// <summary>The moment that a server takes for now when it starts, instead of the machine's time.</summary>
/// <param name="Moment">The moment; null: that of the last event.</param>
internal sealed record AsOf(DateTimeOffset? Moment)
{
    /// <summary>How the last event is asked for.</summary>
    public const string LastEvent = "last-event";

    // Single events with wild times stand at least so far from the rest.
    private static readonly TimeSpan Bulk = TimeSpan.FromDays(1);

    /// <summary>Reads <c>last-event</c>, a date or a time, UTC where it names no zone; null for anything else.</summary>
    public static AsOf? Parse(string text) => text == LastEvent
        ? new AsOf((DateTimeOffset?)null)
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var moment)
            ? new AsOf(moment) : null;

    /// <summary>How far the served clock is from the machine's, for the log of a data folder.</summary>
    /// <exception cref="RecSysException">The log has no events, or goes on behind the moment.</exception>
    public async Task<TimeSpan> ShiftAsync(IDatabase database, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await database.Survey.FindEndAsync(Bulk, cancellationToken) is not { } end)
            throw new RecSysException("The log has no events, so there is no moment to serve it as of; leave --as-of out.");
        var moment = Moment ?? end;
        if (moment < end)
            // Rounded up, so that the moment named can be taken.
            throw new RecSysException(string.Create(CultureInfo.InvariantCulture,
                $"The log goes on until {end.AddSeconds(1):yyyy-MM-dd'T'HH:mm:ss'Z'}, and what happened after --as-of would be known to ")
                    + $"every list. Take --as-of {LastEvent}, or a moment from then on.");
        if (moment > now)
            throw new RecSysException(string.Create(CultureInfo.InvariantCulture,
                $"--as-of is later than now ({now:yyyy-MM-dd'T'HH:mm:ss'Z'}); leave it out to serve as of now."));
        return moment - now;
    }
}
