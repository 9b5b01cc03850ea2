namespace RecSys.Core.Simulation.Policies;

/// <summary>What a user did with one shown item.</summary>
[Flags]
public enum ListActions
{
    None = 0,
    Click = 1,
    Like = 2,
    Dislike = 4,
    Hide = 8,
    AddToCart = 16,
    Purchase = 32,
    Subscribe = 64,
}
