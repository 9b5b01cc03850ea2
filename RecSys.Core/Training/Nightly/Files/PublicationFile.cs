using System.Text.Json.Serialization;

namespace RecSys.Core.Training.Nightly.Files;

/// <summary>What became of the challengers, <c>publication.json</c>.</summary>
/// <param name="Version">Under which the best was published; null where all were refused.</param>
/// <param name="Champion">True when it serves from now on.</param>
/// <param name="Before">The champion before; null when there was none.</param>
/// <param name="Model"><c>judged</c> or <c>refitted</c>; null where nothing was published.</param>
internal sealed record PublicationFile(string? Version, bool Champion, string? Before, string? Model = null)
{
    /// <summary>Which of several challengers it is; null for that of <c>Training:Ranker</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Variant { get; init; }

    /// <summary>The others that passed and wait in the registry, the better ones first; null where there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PublishedChallenger>? Others { get; init; }

    /// <summary>What a challenger is published as; null where it is not.</summary>
    /// <param name="name">Of the challenger.</param>
    /// <param name="best">Name of the best.</param>
    public string? VersionOf(string name, string? best) =>
        name == best ? Version : Others?.FirstOrDefault(other => other.Name == name)?.Version;
}

/// <summary>A challenger that waits in the registry.</summary>
/// <param name="Name">Of the challenger.</param>
/// <param name="Version">Of the bundle.</param>
internal sealed record PublishedChallenger(string Name, string Version);
