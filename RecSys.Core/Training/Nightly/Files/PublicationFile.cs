namespace RecSys.Core.Training.Nightly.Files;

/// <summary>What became of the challenger, <c>publication.json</c>.</summary>
/// <param name="Version">Under which it was published; null where it was refused.</param>
/// <param name="Champion">True when it serves from now on.</param>
/// <param name="Before">The champion before; null when there was none.</param>
/// <param name="Model"><c>judged</c> or <c>refitted</c>; null where nothing was published.</param>
internal sealed record PublicationFile(string? Version, bool Champion, string? Before, string? Model = null);
