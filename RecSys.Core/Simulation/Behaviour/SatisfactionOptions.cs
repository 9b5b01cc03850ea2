namespace RecSys.Core.Simulation.Behaviour;

/// <summary>What a user has from an item that was clicked: tanh of half of the sum of these, from -1 (a waste) to 1.</summary>
public sealed record SatisfactionOptions
{
    public double Base { get; init; } = 0.2;

    /// <summary>Times the cosine of tastes.</summary>
    public double TasteWeight { get; init; } = 1.5;

    /// <summary>Standard deviation of the items' own worth, a quarter of whose variance shows in their appeal.</summary>
    public double WorthSpread { get; init; } = 0.9;

    /// <summary>What an item that promised too much lacks.</summary>
    public double ClickbaitHarm { get; init; } = 2;

    /// <summary>Probability that an item which was not clicked is hidden.</summary>
    public double HideUnclicked { get; init; } = 0.002;

    /// <summary>Probability that an item which satisfied with -1 is hidden; in proportion up to 0.</summary>
    public double HideDisappointed { get; init; } = 0.15;
}
