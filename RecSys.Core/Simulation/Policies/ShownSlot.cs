using RecSys.Core.Domain;

namespace RecSys.Core.Simulation.Policies;

/// <summary>One place of a shown list, with what came of it.</summary>
/// <param name="Item">Number of the item.</param>
/// <param name="Propensity">Probability with which the policy shows this item at this place to this user at this time, above 0.</param>
/// <param name="Kind">By its score or by a draw.</param>
public record struct ShownSlot(int Item, double Propensity, SlotKind Kind)
{
    public ListActions Actions { get; internal set; }

    /// <summary>Share of the item's duration that was watched; 0 where there is none.</summary>
    public double WatchedShare { get; internal set; }

    /// <summary>True when the user clicked.</summary>
    public readonly bool IsClicked => Actions.HasFlag(ListActions.Click);
}
