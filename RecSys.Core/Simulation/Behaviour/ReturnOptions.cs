namespace RecSys.Core.Simulation.Behaviour;

/// <summary>How lists decide whether and how often a user comes back.</summary>
public sealed record ReturnOptions
{
    /// <summary>Weight of one list in the mood: mood = (1 - rate) mood + rate x satisfaction of the list.</summary>
    public double MoodRate { get; init; } = 0.2;

    /// <summary>A list without a click counts as minus this satisfaction.</summary>
    public double EmptyListCost { get; init; } = 0.3;

    /// <summary>Sessions per day are the user's own rate times exp(gain x mood).</summary>
    public double ReturnGain { get; init; } = 0.3;

    /// <summary>Most sessions per day of a user with mood 0; the heavy tail of activity ends here.</summary>
    public double MostSessionsPerDay { get; init; } = 4;

    /// <summary>
    /// Probability that a click which satisfied with -1 is the user's last, at mood 0; in proportion up to 0, times
    /// exp(-<see cref="LeaveProtection"/> x mood).
    /// </summary>
    public double LeaveDisappointed { get; init; } = 0.015;

    /// <summary>The same of a list without a click.</summary>
    public double LeaveEmptyList { get; init; } = 0.004;
    public double LeaveProtection { get; init; } = 1;

    /// <summary>Probability of a further page after a list with a click, and after one without.</summary>
    public double NextPage { get; init; } = 0.55;
    public double NextPageWithoutClick { get; init; } = 0.35;

    public int MostPages { get; init; } = 5;
}
