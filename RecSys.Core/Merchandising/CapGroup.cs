namespace RecSys.Core.Merchandising;

/// <summary>What a cap counts the items by.</summary>
public enum CapGroup
{
    Category,
    Creator,
}
