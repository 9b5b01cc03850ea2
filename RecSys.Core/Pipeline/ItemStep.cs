namespace RecSys.Core.Pipeline;

/// <summary>What one stage did with an item that was a candidate before or after it.</summary>
/// <param name="Stage">Its name.</param>
/// <param name="Kind">What it may do.</param>
/// <param name="Candidates">Candidates that it left.</param>
/// <param name="Before">Where the item stood; null where it was no candidate.</param>
/// <param name="After">Where it stands; null where it is no candidate any more.</param>
/// <param name="Removed">Why a filter took it out; null where none did.</param>
public sealed record ItemStep(
    string Stage, StageKind Kind, int Candidates, ItemStanding? Before, ItemStanding? After, string? Removed);

/// <summary>Where an item stands among the candidates.</summary>
/// <param name="Rank">Zero-based, by score, and once the list was put in order, by place.</param>
/// <param name="Score">Its score; NaN when it has none.</param>
public sealed record ItemStanding(int Rank, double Score);
