namespace RecSys.Core.Models;

/// <summary>A user for the golden queries of a bundle.</summary>
/// <param name="History">Item rows, oldest first.</param>
/// <param name="Profile">Buckets of the user tower's profile table.</param>
public sealed record GoldenInput(IReadOnlyList<int> History, IReadOnlyList<int> Profile);
