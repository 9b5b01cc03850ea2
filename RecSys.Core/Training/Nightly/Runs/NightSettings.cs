using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using RecSys.Core.Models;
using RecSys.Core.Retrieval.Text;
using RecSys.Core.Retrieval.VectorSearch;

namespace RecSys.Core.Training.Nightly.Runs;

/// <summary>The settings that the result of a night depends on: as one checksum, and by their names.</summary>
internal static class NightSettings
{
    private const string Unset = "not set";

    // As many as a line holds.
    private const int MostNamed = 6;

    private static readonly JsonSerializerOptions All = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, Converters = { new JsonStringEnumConverter() },
    };

    // What a run may take and what is kept of it changes nothing in it.
    private static readonly string[] WithoutEffect =
        [nameof(NightlyOptions.StepMinutes), nameof(NightlyOptions.MaxMemoryMb), nameof(NightlyOptions.KeepRuns)];

    // Parts of a training run that have sections of their own.
    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        [nameof(TrainingOptions.Candidates)] = "Recommendations:Candidates",
        [nameof(TrainingOptions.Retrieval)] = RetrievalOptions.SectionName,
        [nameof(TrainingOptions.Text)] = TextOptions.SectionName,
    };

    /// <returns>SHA-256, lower-case hexadecimal.</returns>
    public static string HashOf(TrainingOptions options, RolloutMode rollout)
    {
        var settings = Effective(options);
        settings["Rollout"] = JsonValue.Create(rollout.ToString());
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(settings)));
    }

    /// <summary>Every setting that counts and has a value, by the name that <c>--set</c> takes.</summary>
    public static IReadOnlyDictionary<string, string> ValuesOf(TrainingOptions options, RolloutMode rollout)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [$"{RolloutOptions.SectionName}:{nameof(RolloutOptions.Mode)}"] = rollout.ToString(),
        };
        foreach (var (name, value) in Effective(options))
            Add(Elsewhere.GetValueOrDefault(name, $"{TrainingOptions.SectionName}:{name}"), value, values);
        return values;
    }

    /// <summary>Which settings are others than they were, with both values.</summary>
    /// <param name="then">From <see cref="ValuesOf"/>; empty where they were not noted.</param>
    /// <param name="now">From <see cref="ValuesOf"/>.</param>
    public static string Difference(IReadOnlyDictionary<string, string> then, IReadOnlyDictionary<string, string> now)
    {
        if (then.Count == 0) return "settings have changed since (which ones, the program that began it did not note)";
        string[] changed =
        [
            .. then.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
                .Where(name => then.GetValueOrDefault(name) != now.GetValueOrDefault(name))
                .Select(name => $"{name} was {Of(then, name)} and is {Of(now, name)}"),
        ];
        // What the program has got or lost since, with a value that it does not note.
        if (changed.Length == 0) return "settings have changed since";
        var more = changed.Length > MostNamed
            ? string.Create(CultureInfo.InvariantCulture, $", and {changed.Length - MostNamed} more (run.json has them all)") : "";
        return $"settings have changed since: {string.Join(", ", changed.Take(MostNamed))}{more}";
    }

    private static JsonObject Effective(TrainingOptions options)
    {
        var settings = JsonSerializer.SerializeToNode(options, All)!.AsObject();
        var nightly = settings[nameof(TrainingOptions.Nightly)]!.AsObject();
        foreach (var name in WithoutEffect) nightly.Remove(name);
        // When nights begin changes nothing in them, either.
        settings.Remove(nameof(TrainingOptions.Schedule));
        return settings;
    }

    private static void Add(string path, JsonNode? node, SortedDictionary<string, string> values)
    {
        switch (node)
        {
            case JsonObject parts:
                foreach (var (name, value) in parts) Add($"{path}:{name}", value, values);
                break;
            case JsonArray list:
                for (var at = 0; at < list.Count; at++)
                    Add(string.Create(CultureInfo.InvariantCulture, $"{path}:{at}"), list[at], values);
                break;
            case not null:
                values[path] = node.ToString();
                break;
        }
    }

    private static string Of(IReadOnlyDictionary<string, string> values, string name) =>
        values.TryGetValue(name, out var value) ? value.Length > 0 ? value : "empty" : Unset;
}
