namespace RecSys.Core.Storage.ModelStates;

/// <summary>What the store knows of one version.</summary>
/// <param name="Version">Name of the bundle.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Since">Since when.</param>
/// <param name="Revision">Number of its latest transition: another one, also of another version, has another.</param>
/// <param name="Lineage">Where it comes from.</param>
/// <param name="Predecessor">The champion that it took the place of; null when it never took one's place.</param>
/// <param name="Actor">Who brought it into this state.</param>
/// <param name="Reason">Why.</param>
/// <param name="Collected">True when its bundle was deleted to make room.</param>
public sealed record ModelRecord(
    string Version, ModelState State, DateTimeOffset Since, long Revision, ModelLineage Lineage, string? Predecessor, string Actor,
    string Reason, bool Collected);
