using System.Text.Json;
using RecSys.Core.Domain;
using RecSys.Core.Import.Rows;
using RecSys.Core.Storage;

namespace RecSys.Core.Import.DataSets;

/// <summary>The named values of Metarank's items and users.</summary>
internal static class MetarankFields
{
    internal static Item Item(JsonObject row, TimeReading times)
    {
        var attributes = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);
        var item = new Item { Id = row.Required("item"), Title = "", Category = "" };
        foreach (var field in row.Objects("fields"))
        {
            var name = field.Required("name");
            switch (name)
            {
                case "title" or "name":
                    item = item with { Title = field.Text("value") ?? "" };
                    break;
                case "category" or "genre" or "genres" or "categories":
                    var texts = field.Texts("value");
                    item = item with { Category = texts.FirstOrDefault(""), Tags = [.. texts.Skip(1)] };
                    break;
                case "tags":
                    item = item with { Tags = [.. item.Tags, .. field.Texts("value")] };
                    break;
                case "price":
                    item = item with { Price = field.Number("value") };
                    break;
                case "description":
                    item = item with { Description = field.Text("value") };
                    break;
                case "created_at":
                    item = item with { CreatedAt = times.Read(field.Required("value"), name, dayIsEnough: true) };
                    break;
                default:
                    if (field.Find("value") is { } value && Attribute(value, field) is { } attribute) attributes[name] = attribute;
                    break;
            }
        }
        item = item with { Attributes = attributes };
        return (Identifiers.FaultOfNew(item.Id) is { } fault ? $"item {fault}" : RecordRules.FindProblem(item)) is { } problem
            ? throw new RowException(problem) : item;
    }

    internal static User User(JsonObject row)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        var user = new User { Id = row.Required("user") };
        foreach (var field in row.Objects("fields"))
        {
            var name = field.Required("name");
            if (name == "gender") user = user with { Gender = field.Text("value") };
            else if (name == "age" && field.Number("value") is { } age) user = user with { Age = FieldText.Whole(age, name) };
            else if (name is "location" or "country") user = user with { Location = field.Text("value") };
            else if (field.Find("value") is { ValueKind: not (JsonValueKind.Array or JsonValueKind.Object) })
                attributes[name] = field.Text("value")!;
        }
        user = user with { Attributes = attributes };
        return (Identifiers.FaultOfNew(user.Id) is { } fault ? $"user {fault}" : RecordRules.FindProblem(user)) is { } problem
            ? throw new RowException(problem) : user;
    }

    // Lists of numbers, such as embeddings, have no place in an item.
    private static AttributeValue? Attribute(JsonElement value, JsonObject field) => value.ValueKind switch
    {
        JsonValueKind.String => AttributeValue.OfJsonString(field.Text("value")!),
        JsonValueKind.Number => AttributeValue.Of(field.Number("value")!.Value),
        JsonValueKind.True or JsonValueKind.False => AttributeValue.Of(value.GetBoolean()),
        JsonValueKind.Array when value.GetArrayLength() > 0 && value.EnumerateArray().All(element =>
            element.ValueKind == JsonValueKind.String) =>
            AttributeValue.Of(field.Texts("value")),
        _ => (AttributeValue?)null,
    };
}
