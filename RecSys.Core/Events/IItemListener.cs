namespace RecSys.Core.Events;

/// <summary>Told by the tail of every item entry once it is folded; must return at once.</summary>
public interface IItemListener
{
    /// <summary>The item of this number was put or removed; the catalogue has it.</summary>
    void ItemChanged(int number);
}
