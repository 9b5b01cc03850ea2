namespace RecSys.Core.Evaluation;

/// <summary>Where an item stands among others of exactly the same score.</summary>
public enum TiePolicy
{
    /// <summary>Behind all of them, so a model that gives everything the same score gains nothing by it.</summary>
    Pessimistic = 0,

    /// <summary>In their middle: the expected rank when ties are broken at random.</summary>
    Average = 1,
}
