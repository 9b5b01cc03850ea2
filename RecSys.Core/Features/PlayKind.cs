namespace RecSys.Core.Features;

/// <summary>What an event says about plays: that one began, that the one before it was a long view, or both.</summary>
[Flags]
internal enum PlayKind
{
    None = 0,
    Began = 1,
    WasLong = 2,
}
