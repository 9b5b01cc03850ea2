using System.Text.Json;

namespace RecSys.Core.Domain;

/// <summary>
/// Strict reading of <see cref="Policy"/>. By hand, because a generated reader gives left out settings zero in place of their defaults.
/// </summary>
internal static class PolicyJson
{
    private const int MaxBytes = 64 << 10;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 2, AllowDuplicateProperties = false };

    public static Policy Read(ReadOnlyMemory<byte> json)
    {
        if (json.Length > MaxBytes) throw new RecSysException($"The policy is {json.Length} bytes long, more than the {MaxBytes} allowed.");
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new RecSysException("The policy is no JSON object; give its settings as one.");
            return document.RootElement.EnumerateObject().Aggregate(
                Policy.Default, (policy, setting) => With(policy, setting.Name, setting.Value));
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            var why = e is JsonException fault ? JsonFaults.Describe(fault) : e.Message;
            throw new RecSysException($"The policy is not valid ({why}).", e);
        }
    }

    /// <summary>A policy with one setting changed.</summary>
    /// <exception cref="RecSysException">There is no such setting, or its value is out of range.</exception>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    /// <exception cref="FormatException">The number is no whole one, where one is needed.</exception>
    public static Policy With(Policy policy, string name, JsonElement value) => name switch
    {
        "candidates" => policy with { Candidates = value.GetInt32() },
        "co_visitation_limit" => policy with { CoVisitationLimit = value.GetInt32() },
        "consumed_days" => policy with { ConsumedDays = value.ValueKind == JsonValueKind.Null ? null : value.GetDouble() },
        "dedup_days" => policy with { DedupDays = value.GetDouble() },
        "diversity_top" => policy with { DiversityTop = value.GetInt32() },
        "exploration_pool" => policy with { ExplorationPool = value.GetInt32() },
        "exploration_share" => policy with { ExplorationShare = value.GetDouble() },
        "freshness_boost" => policy with { FreshnessBoost = value.GetDouble() },
        "freshness_days_per_percent" => policy with { FreshnessDaysPerPercent = value.GetDouble() },
        "max_per_category" => policy with { MaxPerCategory = value.GetInt32() },
        "name" => policy with { Name = value.GetString()! },
        "new_item_share" => policy with { NewItemShare = value.GetDouble() },
        "sources" => policy with
        {
            Sources = value.EnumerateArray().Aggregate(
                PolicySources.None, (sum, each) => sum | PolicySourceNames.Parse(each.GetString() ?? "")),
        },
        "trending_limit" => policy with { TrendingLimit = value.GetInt32() },
        _ => throw new RecSysException(
            "The policy names a setting that this program does not know; leave it out, or run the version that knows it."),
    };
}
