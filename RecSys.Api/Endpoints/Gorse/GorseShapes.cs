using System.Text.Json;
using System.Text.Json.Nodes;
using RecSys.Core.Domain;
using GorseRecords = RecSys.Core.Import.DataSets.GorseRecords;

namespace RecSys.Api.Endpoints.Gorse;

/// <summary>Stored items and users as gorse shows them.</summary>
internal static class GorseShapes
{
    /// <summary>The time of an item that has none, as gorse writes it.</summary>
    private static readonly DateTimeOffset NoTime = new(1, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static GorseItem Of(Item item)
    {
        var fields = GorseRecords.FieldsOf(item);
        return new GorseItem(
            item.Id, !item.Available, GorseRecords.CategoriesOf(item), item.CreatedAt ?? NoTime,
            fields.Count > 0 ? Named(fields) : Words(GorseRecords.LabelsOf(item)), item.Title);
    }

    public static GorseUser Of(User user)
    {
        var words = user.Attributes.Keys.Where(IsWord).Select(name => name[GorseRecords.LabelPrefix.Length..]).ToList();
        var fields = user.Attributes.Where(pair => !IsWord(pair.Key)).ToList();
        var labels = fields.Count == 0 ? Words(words) : (JsonNode)new JsonObject(
            fields.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))
                .Concat(words.Select(word => KeyValuePair.Create(word, (JsonNode?)true))).DistinctBy(pair => pair.Key));
        return new GorseUser(user.Id, labels, [], "");
    }

    private static bool IsWord(string name) => name.StartsWith(GorseRecords.LabelPrefix, StringComparison.Ordinal);

    private static JsonArray Words(IEnumerable<string> words) => [.. words.Select(word => (JsonNode?)word)];

    private static JsonObject Named(Dictionary<string, AttributeValue> fields) => new(fields.Select(
        pair => KeyValuePair.Create(pair.Key, JsonSerializer.SerializeToNode(pair.Value))));
}
