using System.Text.Json;
using System.Text.Json.Serialization;
using RecSys.Core.Domain;

namespace RecSys.Core.Events;

/// <summary>
/// The written form of a change that the store could not take: JSON with the kind beside the change, from which the change can be made
/// again.
/// </summary>
internal static class DeadLetterContent
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static string Write(LogChange change) => JsonSerializer.Serialize(
        new Dictionary<string, object> { ["kind"] = change.Kind,
            ["change"] = JsonSerializer.SerializeToElement(change, change.GetType(), Options) }, Options);

    /// <summary>The change, or null when the text holds none of this program's.</summary>
    public static LogChange? Read(string content)
    {
        try
        {
            using var json = JsonDocument.Parse(content);
            var change = json.RootElement.GetProperty("change");
            return json.RootElement.GetProperty("kind").Deserialize<LogKind>(Options) switch
            {
                LogKind.Event => change.Deserialize<EventChange>(Options),
                LogKind.ItemPut => change.Deserialize<ItemPut>(Options),
                LogKind.ItemRemoval => change.Deserialize<ItemRemoval>(Options),
                LogKind.UserPut => change.Deserialize<UserPut>(Options),
                LogKind.UserMerge => change.Deserialize<UserMerge>(Options),
                LogKind.UserErasure => change.Deserialize<UserErasure>(Options),
                LogKind.ListShown => change.Deserialize<ListShown>(Options),
                LogKind.RuleChange => change.Deserialize<RuleChange>(Options),
                LogKind.PolicyPut => change.Deserialize<PolicyPut>(Options),
                _ => null,
            };
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
