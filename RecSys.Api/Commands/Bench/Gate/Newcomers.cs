using RecSys.Core.Simulation;

namespace RecSys.Api.Commands.Bench.Gate;

/// <summary>
/// When a shop hears of each user of a world: half of them from the first day on, three of ten at even times, and two of ten from the
/// afternoon of the last day on, so that a night's test part has users whom nobody knew before.
/// </summary>
internal sealed class Newcomers(WorldOptions options)
{
    // Golden ratio: the users between spread evenly whatever their number.
    private const double Spread = 0.6180339887498949;

    private static readonly TimeSpan Afternoon = TimeSpan.FromHours(16);

    private readonly DateTimeOffset lastDay = options.Start.AddDays(options.Days - 1);

    /// <summary>True from the moment on at which the user has come.</summary>
    public bool Has(int user, DateTimeOffset time) => time >= ComesAt(user);

    private DateTimeOffset ComesAt(int user) => (user % 10) switch
    {
        < 5 => options.Start,
        < 8 => options.Start + user * Spread % 1 * (lastDay - options.Start),
        _ => lastDay + Afternoon,
    };
}
