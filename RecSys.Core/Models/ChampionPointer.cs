namespace RecSys.Core.Models;

/// <summary>Content of <c>champion.json</c>; see <see cref="ChampionFile"/>.</summary>
/// <param name="Version">The version that serves.</param>
/// <param name="Previous">The version it replaced, to go back to; null for the first.</param>
/// <param name="Since">When it was set.</param>
internal sealed record ChampionPointer(string Version, string? Previous, DateTimeOffset Since);
