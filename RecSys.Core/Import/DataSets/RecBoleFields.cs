using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Import.Rows;
using RecSys.Core.Storage;

namespace RecSys.Core.Import.DataSets;

/// <summary>Rows of atomic files as items and users.</summary>
internal static class RecBoleFields
{
    private static readonly string[] CategoryNames = ["class", "genre", "genres", "category", "categories"];

    internal static Item Item(TableRow row, RecBoleColumns columns)
    {
        var attributes = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);
        var item = new Item { Id = columns.Required(row, "item_id"), Title = "", Category = "" };
        foreach (var (name, kind) in columns.All)
        {
            if (name == "item_id" || columns.Text(row, name) is not { } text) continue;
            // Words of a title stand in a sequence, which they are not.
            if (item.Title.Length == 0 && (name.Contains("title", StringComparison.Ordinal) || name.EndsWith("name",
                StringComparison.Ordinal)))
                item = item with { Title = text };
            else if (item.Category.Length == 0 && CategoryNames.Contains(name, StringComparer.Ordinal))
            {
                var words = kind == "token_seq" ? columns.List(row, name) : [text];
                item = item with { Category = words.FirstOrDefault(""), Tags = words.Length > 1 ? words[1..] : [] };
            }
            else if (name == "price" && kind == "float") item = item with { Price = columns.Number(row, name) };
            else if (kind == "float")
            {
                if (columns.Number(row, name) is { } number) attributes[name] = AttributeValue.Of(number);
            }
            else if (kind == "token") attributes[name] = AttributeValue.Of(text);
            else if (kind == "token_seq") attributes[name] = AttributeValue.Of(columns.List(row, name));
        }
        item = item with { Attributes = attributes };
        return (Identifiers.FaultOfNew(item.Id) is { } fault ? $"item_id {fault}" : RecordRules.FindProblem(item)) is { } problem
            ? throw new RowException(problem) : item;
    }

    internal static User User(TableRow row, RecBoleColumns columns)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        var user = new User { Id = columns.Required(row, "user_id") };
        foreach (var (name, kind) in columns.All)
        {
            if (name == "user_id" || columns.Text(row, name) is not { } text || kind is "float_seq" or "token_seq") continue;
            if (name == "gender") user = user with { Gender = text };
            else if (name == "age" && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var age) && age <= 200)
                user = user with { Age = age };
            else if (name is "location" or "country") user = user with { Location = text };
            else attributes[name] = text;
        }
        user = user with { Attributes = attributes };
        return (Identifiers.FaultOfNew(user.Id) is { } fault ? $"user_id {fault}" : RecordRules.FindProblem(user)) is { } problem
            ? throw new RowException(problem) : user;
    }
}
