using System.Text.Json;
using Microsoft.Extensions.Configuration;
using RecSys.Core.Domain;

namespace RecSys.Core.Recommendations.Scenarios;

/// <summary>
/// Reads the section <c>Scenarios</c>: per scenario the settings in which its policy differs from the default one, by the names that they
/// have in <see cref="Policy.ToJson"/>. The program's other sections belong to one class of options each; this one to the policy.
/// </summary>
public static class ScenarioSettings
{
    // "Scenarios": { "cart": { "candidates": 200, "sources": ["co_visitation", "popular"], "max_per_category": 100 } }

    /// <summary>Name of the section.</summary>
    public static string Section => "Scenarios";

    /// <summary>Most scenarios beside <c>home</c>.</summary>
    public const int Most = 50;

    private const string NameSetting = "name";

    /// <summary>Names of the settings, from the policy's own form.</summary>
    private static readonly string[] settings = ReadNames();

    /// <summary>The policies of the scenarios that the configuration names.</summary>
    /// <param name="configuration">All sections.</param>
    /// <param name="basis">What a scenario has where it says nothing itself.</param>
    /// <exception cref="RecSysException">There are too many, a name is not allowed, or a setting does not exist or has a value that is not
    /// allowed; the message names it.</exception>
    public static IReadOnlyDictionary<string, Policy> Read(IConfiguration configuration, Policy basis)
    {
        var scenarios = configuration.GetSection(Section).GetChildren().ToList();
        if (scenarios.Count > Most)
            throw new RecSysException($"The section {Section} has {scenarios.Count} scenarios; allowed are {Most}.");
        return scenarios.ToDictionary(scenario => scenario.Key, scenario => PolicyOf(scenario, basis), StringComparer.Ordinal);
    }

    private static Policy PolicyOf(IConfigurationSection scenario, Policy basis)
    {
        if (scenario.Key == basis.Name)
            throw new RecSysException($"{scenario.Path}: {basis.Name} is what all scenarios start from; choose another name.");
        if (!string.IsNullOrEmpty(scenario.Value))
            throw new RecSysException($"{scenario.Path} has a value of its own; write {scenario.Path}:{settings[0]} and so on.");
        Policy policy;
        try
        {
            policy = basis with { Name = scenario.Key };
        }
        catch (RecSysException fault)
        {
            throw new RecSysException($"{scenario.Path}: {fault.Message}", fault);
        }
        return scenario.GetChildren().Aggregate(policy, With);
    }

    private static Policy With(Policy policy, IConfigurationSection setting)
    {
        if (!settings.Contains(setting.Key, StringComparer.Ordinal))
        {
            throw new RecSysException(NearestName.Of(setting.Key, settings) is { } near
                ? $"There is no setting {setting.Path}; did you mean {near}?"
                : $"There is no setting {setting.Path}; a scenario has {string.Join(", ", settings)}.");
        }
        try
        {
            return PolicyJson.With(policy, setting.Key, JsonOf(setting));
        }
        catch (RecSysException fault)
        {
            throw new RecSysException($"{setting.Path}: {fault.Message}", fault);
        }
        catch (Exception fault) when (fault is InvalidOperationException or FormatException)
        {
            throw new RecSysException(
                $"{setting.Path} has a value of another kind than it takes; the default is {DefaultOf(setting.Key)}.", fault);
        }
    }

    // A configuration knows texts alone: what reads as JSON is that, and a list may be written with commas.
    private static JsonElement JsonOf(IConfigurationSection setting)
    {
        if (setting.GetChildren().Select(child => child.Value).ToArray() is { Length: > 0 } entries) return Element(entries);
        if (string.IsNullOrWhiteSpace(setting.Value)) return Element<string?>(null);
        try
        {
            using var document = JsonDocument.Parse(setting.Value);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return Element(setting.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        }
    }

    private static JsonElement Element<T>(T value) => JsonSerializer.SerializeToElement(value);

    private static string DefaultOf(string setting)
    {
        using var document = JsonDocument.Parse(Policy.Default.ToJson());
        return document.RootElement.GetProperty(setting).GetRawText();
    }

    private static string[] ReadNames()
    {
        using var document = JsonDocument.Parse(Policy.Default.ToJson());
        return [.. document.RootElement.EnumerateObject().Select(setting => setting.Name).Where(name => name != NameSetting)];
    }
}
