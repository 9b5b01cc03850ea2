namespace RecSys.Core.Simulation.Behaviour;

/// <summary>What one list brought about.</summary>
/// <param name="Clicks">Clicked items.</param>
/// <param name="Satisfaction">Sum over them, each from -1 to 1.</param>
/// <param name="Leaves">True when the user never comes back.</param>
internal readonly record struct ListOutcome(int Clicks, double Satisfaction, bool Leaves);
