using System.ComponentModel.DataAnnotations;

namespace RecSys.Core.Training.Nightly.Quality;

/// <summary>What an event must be like to be learnt from.</summary>
public sealed class QualityOptions
{
    /// <summary>Smallest share of sound events that a window may be trained on. Default 0.9.</summary>
    [Range(0.0, 1.0)]
    public double Floor { get; set; } = 0.9;

    /// <summary>A user with more events on one day, UTC, is a bot. Default 5000.</summary>
    [Range(10, 10_000_000)]
    public int BotEventsPerDay { get; set; } = 5000;

    /// <summary>A user with more clicks within one minute of the clock is a bot. Default 60.</summary>
    [Range(2, 10_000)]
    public int BotClicksPerMinute { get; set; } = 60;

    /// <summary>
    /// A user who clicks more than this share of what is shown is a bot, from <see cref="BotImpressions"/> on. Default 0.9.
    /// </summary>
    [Range(0.1, 1)]
    public double BotClickShare { get; set; } = 0.9;

    /// <summary>Impressions in the window that <see cref="BotClickShare"/> needs. Default 200.</summary>
    [Range(10, 1_000_000)]
    public int BotImpressions { get; set; } = 200;

    /// <summary>Longest view, seconds. Default 86,400.</summary>
    [Range(1.0, 31_536_000.0)]
    public double MaxViewSeconds { get; set; } = 86_400;

    /// <summary>Largest amount of money, either way. Default 1,000,000.</summary>
    [Range(1, 1e12)]
    public double MaxAmount { get; set; } = 1_000_000;

    /// <summary>A day whose events are so many times fewer or more than those of the median day is remarked on. Default 3.</summary>
    [Range(1.1, 1000)]
    public double VolumeFactor { get; set; } = 3;

    /// <summary>
    /// A field whose share of filled-in values differs by more than this from one day to the next is remarked on. Default 0.2.
    /// </summary>
    [Range(0.01, 1)]
    public double FilledShare { get; set; } = 0.2;
}
