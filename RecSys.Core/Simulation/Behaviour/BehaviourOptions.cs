namespace RecSys.Core.Simulation.Behaviour;

/// <summary>How the users of a <see cref="LivingWorld"/> behave and how its catalogue changes.</summary>
public sealed record BehaviourOptions
{
    public AppealOptions Appeal { get; init; } = new();
    public SatisfactionOptions Satisfaction { get; init; } = new();
    public ReturnOptions Returns { get; init; } = new();
    public MoneyOptions Money { get; init; } = new();

    /// <summary>Share of the items that appear while the days run, at even times.</summary>
    public double ArrivingShare { get; init; } = 0.1;

    /// <summary>Share of the items that vanish while the days run, at even times.</summary>
    public double VanishingShare { get; init; } = 0.1;

    /// <summary>Share of the users that are programs: 8 sessions of 5 pages a day, clicking 6 of 10 items at even intervals.</summary>
    public double BotShare { get; init; } = 0.01;

    /// <summary>False: an app that tells what was clicked and not what was shown.</summary>
    public bool ReportsImpressions { get; init; } = true;
}
