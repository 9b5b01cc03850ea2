using System.Globalization;
using System.Text.Json.Serialization;
using RecSys.Core.Training.Nightly.Runs;

namespace RecSys.Core.Training.Nightly;

/// <summary>What a run is about, <c>run.json</c>: another one of these in the same folder begins the run again.</summary>
public sealed record NightRun
{
    /// <summary>Last received day of the window, UTC.</summary>
    [JsonPropertyName("day")]
    public required DateOnly Day { get; init; }

    /// <summary>The moment that counts as now.</summary>
    [JsonPropertyName("now")]
    public required DateTimeOffset Now { get; init; }

    /// <summary><c>lake</c> or <c>log</c>.</summary>
    [JsonPropertyName("source")]
    public required string Source { get; init; }

    [JsonPropertyName("seed")]
    public required int Seed { get; init; }

    /// <summary>SHA-256 of all settings that the result depends on.</summary>
    [JsonPropertyName("settings")]
    public required string Settings { get; init; }

    /// <summary>
    /// The same settings in words, by names such as <c>Training:Ranker:NumTrees</c>; empty in files of programs that did not write them.
    /// </summary>
    [JsonPropertyName("values")]
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// What tells the two runs apart, in words; null when they are one. The words of settings do not count, their checksum does.
    /// </summary>
    internal string? Difference(NightRun present)
    {
        if (this with { Values = present.Values } == present) return null;
        if (Settings != present.Settings) return NightSettings.Difference(Values, present.Values);
        if (Source != present.Source) return $"it read the {Source}, and the {present.Source} is asked for";
        if (Code != present.Code) return $"it was begun by another version of the program ({Code})";
        return Now != present.Now ? string.Create(CultureInfo.InvariantCulture, $"it was begun as of {Now:u}")
            : "it was begun with another seed";
    }

    /// <summary>Commit of the program.</summary>
    [JsonPropertyName("code")]
    public required string Code { get; init; }
}
