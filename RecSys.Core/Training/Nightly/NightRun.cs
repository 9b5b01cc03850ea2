using System.Text.Json.Serialization;

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

    /// <summary>Commit of the program.</summary>
    [JsonPropertyName("code")]
    public required string Code { get; init; }
}
