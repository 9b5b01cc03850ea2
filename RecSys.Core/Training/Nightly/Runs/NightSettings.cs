using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using RecSys.Core.Models;

namespace RecSys.Core.Training.Nightly.Runs;

/// <summary>The settings that the result of a night depends on, as one checksum.</summary>
internal static class NightSettings
{
    private static readonly JsonSerializerOptions All = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    // What a run may take and what is kept of it changes nothing in it.
    private static readonly string[] WithoutEffect =
        [nameof(NightlyOptions.StepMinutes), nameof(NightlyOptions.MaxMemoryMb), nameof(NightlyOptions.KeepRuns)];

    /// <returns>SHA-256, lower-case hexadecimal.</returns>
    public static string HashOf(TrainingOptions options, RolloutMode rollout)
    {
        var settings = JsonSerializer.SerializeToNode(options, All)!.AsObject();
        var nightly = settings[nameof(TrainingOptions.Nightly)]!.AsObject();
        foreach (var name in WithoutEffect) nightly.Remove(name);
        // When nights begin changes nothing in them, either.
        settings.Remove(nameof(TrainingOptions.Schedule));
        settings["Rollout"] = JsonValue.Create(rollout.ToString());
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(settings)));
    }
}
