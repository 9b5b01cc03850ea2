using System.Text.Json.Serialization;

namespace RecSys.Core.Training.Scheduling;

/// <summary>The last night that the scheduler began or passed over.</summary>
/// <param name="Planned">When it was planned.</param>
/// <param name="Started">When it began; null where it was passed over.</param>
/// <param name="Ended">When it ended; null while it runs, or where the process died with it.</param>
/// <param name="ExitCode">
/// Of the child; 0 for a night that ran to its end, whatever the gate said, and 75 for one that was skipped: nothing was received, or
/// another run was at work.
/// </param>
/// <param name="Verdict">The last line that the child wrote, or why there is none.</param>
public sealed record NightRecord(
    DateTimeOffset Planned, DateTimeOffset? Started = null, DateTimeOffset? Ended = null, int? ExitCode = null, string? Verdict = null)
{
    /// <summary>True for a night that ended otherwise than it should have; null while one runs, and of one that was passed over.</summary>
    [JsonIgnore]
    public bool? Failed => ExitCode is { } code ? code is not (0 or NightChild.Skipped) : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(NightRecord))]
internal sealed partial class NightRecordJson : JsonSerializerContext;
