namespace RecSys.Core.Domain;

/// <summary>
/// What an event says about plays: that one began, that the one before it was a long view, or both. The numeric values are stored.
/// </summary>
[Flags]
public enum PlayKind : byte
{
    None = 0,
    Began = 1,
    WasLong = 2,
}
