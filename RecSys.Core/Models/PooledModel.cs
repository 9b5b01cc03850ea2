namespace RecSys.Core.Models;

/// <summary>One version as the pool sees it.</summary>
/// <param name="Version">Name of the bundle.</param>
/// <param name="State">What it is.</param>
/// <param name="Bytes">What it is reckoned to take in memory; 0 for a refused one.</param>
/// <param name="Leases">Requests that hold it at this moment.</param>
/// <param name="Share">Subjects of 10,000 that the traffic split gives it.</param>
/// <param name="Since">When it took this state.</param>
/// <param name="Reason">Why it was refused; null in every other state.</param>
public sealed record PooledModel(string Version, PooledState State, long Bytes, int Leases, int Share, DateTimeOffset Since,
    string? Reason);
