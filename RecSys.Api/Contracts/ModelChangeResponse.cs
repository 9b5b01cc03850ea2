namespace RecSys.Api.Contracts;

/// <summary>Reply of the routes that change a version's state.</summary>
/// <param name="Version">The version that was named, or the one that took its place.</param>
/// <param name="State">Its state now.</param>
/// <param name="Revision">For the next If-Match.</param>
/// <param name="Champion">The champion by the store.</param>
/// <param name="Serving">The version that serves in this process now.</param>
/// <param name="Note">Where the two differ: why.</param>
public sealed record ModelChangeResponse(string Version, string State, long Revision, string? Champion, string? Serving, string? Note);
