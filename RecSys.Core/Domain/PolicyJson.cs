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
            return document.RootElement.EnumerateObject().Aggregate(Policy.Default, With);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            var why = e is JsonException fault ? JsonFaults.Describe(fault) : e.Message;
            throw new RecSysException($"The policy is not valid ({why}).", e);
        }
    }

    private static Policy With(Policy policy, JsonProperty setting) => setting.Name switch
    {
        "candidates" => policy with { Candidates = setting.Value.GetInt32() },
        "co_visitation_limit" => policy with { CoVisitationLimit = setting.Value.GetInt32() },
        "consumed_days" => policy with { ConsumedDays = setting.Value.ValueKind == JsonValueKind.Null ? null : setting.Value.GetDouble() },
        "dedup_days" => policy with { DedupDays = setting.Value.GetDouble() },
        "diversity_top" => policy with { DiversityTop = setting.Value.GetInt32() },
        "exploration_pool" => policy with { ExplorationPool = setting.Value.GetInt32() },
        "exploration_share" => policy with { ExplorationShare = setting.Value.GetDouble() },
        "freshness_boost" => policy with { FreshnessBoost = setting.Value.GetDouble() },
        "freshness_days_per_percent" => policy with { FreshnessDaysPerPercent = setting.Value.GetDouble() },
        "max_per_category" => policy with { MaxPerCategory = setting.Value.GetInt32() },
        "name" => policy with { Name = setting.Value.GetString()! },
        "new_item_share" => policy with { NewItemShare = setting.Value.GetDouble() },
        "trending_limit" => policy with { TrendingLimit = setting.Value.GetInt32() },
        _ => throw new RecSysException(
            "The policy names a setting that this program does not know; leave it out, or run the version that knows it."),
    };
}
