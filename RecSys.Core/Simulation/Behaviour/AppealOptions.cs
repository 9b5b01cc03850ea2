namespace RecSys.Core.Simulation.Behaviour;

/// <summary>What makes a user click, in log odds unless said otherwise.</summary>
public sealed record AppealOptions
{
    /// <summary>Share of the items that promise more than they hold.</summary>
    public double ClickbaitShare { get; init; } = 0.15;

    /// <summary>What their promise adds.</summary>
    public double ClickbaitLure { get; init; } = 1;

    /// <summary>Times the daily fashion of categories of the classic world.</summary>
    public double TrendStrength { get; init; } = 1.5;

    /// <summary>What each click in a category takes from the category's items, in appeal and in satisfaction, until it fades.</summary>
    public double SatiationPerClick { get; init; } = 0.3;
    public double SatiationHalfLifeHours { get; init; } = 12;

    /// <summary>What the last click on an item takes from that item, in appeal and in satisfaction, until it fades.</summary>
    public double RepeatPenalty { get; init; } = 3;
    public double RepeatHalfLifeHours { get; init; } = 72;

    /// <summary>What each list without a click since the last click takes from all items; at most five lists count.</summary>
    public double BoredomPerEmptyList { get; init; } = 0.1;
}
