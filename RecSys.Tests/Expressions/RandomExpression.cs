using System.Globalization;
using RecSys.Core.Domain;

namespace RecSys.Tests.Expressions;

/// <summary>
/// Draws expressions: their text, and beside it a function that works out the value for one item from the item itself, in the plain way.
/// Knows nothing of the parser, the columns or the plans.
/// </summary>
internal sealed class RandomExpression(Random random, ExpressionWorld world)
{
    private static readonly string[] Comparisons = ["=", "!=", "<", "<=", ">", ">=", "==", "<>"];

    /// <summary>A text with the value that it has for an item by number; null: unknown.</summary>
    public sealed record Drawn<T>(string Text, Func<int, T> Value);

    private int depth;

    public Drawn<bool?> Condition()
    {
        depth++;
        var alternatives = Several(Conjunction);
        depth--;
        return new(string.Join(" or ", alternatives.Select(part => part.Text)), item =>
        {
            var values = alternatives.Select(part => part.Value(item)).ToArray();
            return values.Contains(true) ? true : values.Contains(null) ? null : false;
        });
    }

    public Drawn<double?> Sum()
    {
        depth++;
        var first = Product();
        var (text, rest) = (first.Text, new List<(bool Plus, Drawn<double?> Part)>());
        for (var more = Links(); more > 0; more--)
        {
            var (plus, part) = (random.Next(2) == 0, Product());
            text += (plus ? " + " : " - ") + part.Text;
            rest.Add((plus, part));
        }
        depth--;
        return new(text, item => rest.Aggregate(first.Value(item), (sum, link) =>
            Finite(link.Plus ? sum + link.Part.Value(item) : sum - link.Part.Value(item))));
    }

    private Drawn<bool?> Conjunction()
    {
        var parts = Several(Negation);
        return new(string.Join(" and ", parts.Select(part => part.Text)), item =>
        {
            var values = parts.Select(part => part.Value(item)).ToArray();
            return values.Contains(false) ? false : values.Contains(null) ? null : true;
        });
    }

    private Drawn<bool?> Negation()
    {
        if (random.Next(5) > 0) return Comparison();
        var operand = Comparison();
        return new($"not {operand.Text}", item => !operand.Value(item));
    }

    private Drawn<bool?> Comparison()
    {
        switch (depth > 5 ? random.Next(8) : random.Next(13))
        {
            case 0:
                return Text("category", item => Filled(item.Category), ExpressionWorld.Categories[..3]);
            case 1:
                return Text("creator", item => item.Creator, ExpressionWorld.Tags);
            case 2:
                return Text("attributes.colour", item => Attribute(item, "colour", AttributeKind.Text)?.ToString(), ExpressionWorld.Tags);
            case 3:
                return ListHas();
            case 4:
                return new("attributes.organic", number => Attribute(Item(number), "organic", AttributeKind.Boolean)?.Flag);
            case 5:
                return Constant();
            case 6:
                return Known();
            case 7:
                return Helper();
            case 8:
                var inner = Condition();
                return new($"({inner.Text})", inner.Value);
            case 9:
                return Times();
            default:
                var (op, left, right) = (Comparisons[random.Next(Comparisons.Length)], Sum(), Sum());
                return new($"{Typed(left.Text)} {op} {right.Text}", item =>
                    left.Value(item) is { } a && right.Value(item) is { } b ? Compared(op, a.CompareTo(b)) : null);
        }
    }

    private Drawn<bool?> Text(string field, Func<Item, string?> read, string[] values)
    {
        var some = values.Append("none such").Where(_ => random.Next(2) == 0).ToArray();
        var one = values[random.Next(values.Length)];
        return random.Next(6) switch
        {
            0 => new($"{field} = {Quoted(one)}", item => read(Item(item)) is { } text ? text == one : null),
            1 => new($"{Quoted(one)} != {field}", item => read(Item(item)) is { } text ? text != one : null),
            2 => new($"{field} in [{string.Join(", ", some.Select(Quoted))}]",
                item => read(Item(item)) is { } text ? some.Contains(text) : null),
            3 => new($"{field} not in [{string.Join(",", some.Select(Quoted))}]",
                item => read(Item(item)) is { } text ? !some.Contains(text) : null),
            4 => new($"{field} in context.shelf", item => read(Item(item)) is { } text ? text is "shoes" or "red" : null),
            _ => new($"{field} = text(user.attributes.style)", item => read(Item(item)) is { } text ? text == "red" : null),
        };
    }

    private Drawn<bool?> ListHas()
    {
        var (field, read) = random.Next(2) == 0
            ? ("tags", (Func<Item, IReadOnlyList<string>>)(item => item.Tags))
            : ("attributes.materials", item => Attribute(item, "materials", AttributeKind.List)?.Texts ?? []);
        var some = ExpressionWorld.Tags.Append("none such").Where(_ => random.Next(2) == 0).ToArray();
        var one = ExpressionWorld.Tags[random.Next(4)];
        var listed = $"[{string.Join(", ", some.Select(Quoted))}]";
        return random.Next(5) switch
        {
            0 => new($"{field} has {Quoted(one)}", item => read(Item(item)).Contains(one)),
            1 => new($"{Quoted(one)} in {field}", item => read(Item(item)).Contains(one)),
            2 => new($"has_any({field}, {listed})", item => read(Item(item)).Intersect(some).Any()),
            3 => new($"has_all({field}, {listed})", item => some.All(read(Item(item)).Contains)),
            _ => new($"has({field})", item => read(Item(item)).Count > 0),
        };
    }

    private Drawn<bool?> Constant() => random.Next(7) switch
    {
        0 => new("true", _ => true),
        1 => new("user.gender = 'f'", _ => true),
        2 => new("user.location = 'here'", _ => null),
        3 => new("user.attributes.member", _ => true),
        4 => new("context.device in ['tv', 'web']", _ => false),
        5 => new("context.night", _ => false),
        _ => new("available = context.night", item => Item(item) is { Available: true, Flagged: false } ? false : true),
    };

    private Drawn<bool?> Known()
    {
        if (random.Next(3) == 0) return new("has(attributes.size)", item => Item(item).Attributes.ContainsKey("size"));
        if (random.Next(2) == 0) return new("has(category)", item => Item(item).Category.Length > 0);
        // Of an attribute alone it would ask for a value of any kind.
        var number = Primary();
        return new($"has(number({number.Text}))", item => number.Value(item) is not null);
    }

    private Drawn<bool?> Helper()
    {
        var (low, high) = (Literal(), Literal());
        double? Price(int item) => Item(item).Price;
        return random.Next(4) switch
        {
            0 => new($"newer_than({low.Text})", item => Age(item) is { } age ? age <= low.Value(item) : null),
            1 => new($"older_than({low.Text})", item => Age(item) is { } age ? age > low.Value(item) : null),
            2 => new($"price_between({low.Text}, {high.Text})",
                item => Price(item) is { } price ? price >= low.Value(item) && price <= high.Value(item) : null),
            _ => new($"price_near({high.Text}, 0.25)", item => Price(item) is { } price
                ? price >= high.Value(item) * (1 - 0.25) && price <= high.Value(item) * (1 + 0.25) : null),
        };
    }

    private Drawn<bool?> Times()
    {
        var (op, days) = (Comparisons[random.Next(Comparisons.Length)], random.Next(5));
        var moment = ExpressionWorld.Now.AddDays(-days);
        return new($"attributes.released {op} time('{moment:yyyy-MM-ddTHH:mm:ssZ}')",
            item => Attribute(Item(item), "released", AttributeKind.Time)?.Time is { } time ? Compared(op, time.CompareTo(moment)) : null);
    }

    private Drawn<double?> Product()
    {
        var first = Unary();
        var (text, rest) = (first.Text, new List<(bool Times, Drawn<double?> Part)>());
        for (var more = Links(); more > 0; more--)
        {
            var (times, part) = (random.Next(2) == 0, Unary());
            text += (times ? " * " : " / ") + part.Text;
            rest.Add((times, part));
        }
        return new(text, item => rest.Aggregate(first.Value(item), (product, link) =>
            Finite(link.Times ? product * link.Part.Value(item) : product / link.Part.Value(item))));
    }

    private Drawn<double?> Unary()
    {
        var operand = Primary();
        return random.Next(6) > 0 ? operand : new($"-{operand.Text}", item => -operand.Value(item));
    }

    private Drawn<double?> Primary()
    {
        switch (depth > 4 ? random.Next(9) : random.Next(15))
        {
            case 0: return new("price", item => Item(item).Price);
            case 1: return new("duration_seconds", item => Item(item).DurationSeconds);
            case 2: return new("age_days", Age);
            case 3: return new("popularity", item => item < world.Popularity.Length ? world.Popularity[item] : 0);
            case 4: return new("attributes.weight", item => Attribute(Item(item), "weight", AttributeKind.Number)?.Number);
            case 5: return new("attributes['size']", item => Attribute(Item(item), "size", AttributeKind.Number)?.Number);
            case 6: return random.Next(2) == 0 ? new("user.attributes.budget", _ => 20) : new("user.age", _ => 31);
            case 7: return random.Next(2) == 0 ? new("context.limit", _ => 25) : new("context.hour", _ => 12);
            case 8: return Literal();
            case 9:
                var inner = Sum();
                return new($"({inner.Text})", inner.Value);
            case 10:
                var (condition, then, otherwise) = (Condition(), Sum(), Sum());
                return new($"if({condition.Text}, {then.Text}, {otherwise.Text})", item => condition.Value(item) switch
                {
                    true => then.Value(item), false => otherwise.Value(item), null => null,
                });
            case 11:
                var (some, instead) = (Sum(), Sum());
                return new($"coalesce({some.Text}, {instead.Text})", item => some.Value(item) ?? instead.Value(item));
            case 12:
                var (least, greatest) = (Sum(), Sum());
                return random.Next(2) == 0
                    ? new($"min({least.Text}, {greatest.Text})", item => Both(least.Value(item), greatest.Value(item), Math.Min))
                    : new($"max({least.Text},{greatest.Text})", item => Both(least.Value(item), greatest.Value(item), Math.Max));
            case 13:
                var number = Sum();
                return random.Next(2) == 0
                    ? new($"abs({number.Text})", item => number.Value(item) is { } value ? Math.Abs(value) : null)
                    : new($"ln({number.Text})", item => number.Value(item) is > 0 and { } value ? Math.Log(value) : null);
            default:
                return new("days_since(attributes.released)", item =>
                    Attribute(Item(item), "released", AttributeKind.Time)?.Time is { } time
                        ? (ExpressionWorld.Now - time).TotalDays : null);
        }
    }

    private Drawn<double?> Literal()
    {
        var value = random.Next(3) switch
        {
            0 => random.Next(30),
            1 => ExpressionWorld.Prices[random.Next(5)],
            _ => random.Next(8) / 2.0,
        };
        return new(value.ToString(CultureInfo.InvariantCulture), _ => value);
    }

    private Drawn<bool?>[] Several(Func<Drawn<bool?>> draw) => [.. Enumerable.Range(0, 1 + Links()).Select(_ => draw())];

    private int Links() => depth > 3 || random.Next(3) > 0 ? 0 : 1 + random.Next(2);

    private Item Item(int number) => world.Items[number];

    private double? Age(int item) => Item(item).CreatedAt is { } created ? (ExpressionWorld.Now - created).TotalDays : null;

    // Of two fields that may be of any type nobody knows how to compare them.
    private static string Typed(string text) =>
        text.Contains(' ', StringComparison.Ordinal) || text.IndexOfAny(['.', '[']) < 0 ? text : $"number({text})";

    private static AttributeValue? Attribute(Item item, string name, AttributeKind kind) =>
        item.Attributes.TryGetValue(name, out var value) && value.Kind == kind ? value : (AttributeValue?)null;

    private static double? Both(double? a, double? b, Func<double, double, double> combine) =>
        a is { } x && b is { } y ? combine(x, y) : null;

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;

    private static string? Filled(string text) => text.Length == 0 ? null : text;

    private static string Quoted(string text) => text.Contains('"', StringComparison.Ordinal)
        ? $"'{text.Replace("'", "\\'", StringComparison.Ordinal)}'" : $"\"{text}\"";

    private static bool Compared(string op, int sign) => op switch
    {
        "=" or "==" => sign == 0, "!=" or "<>" => sign != 0, "<" => sign < 0, "<=" => sign <= 0, ">" => sign > 0, _ => sign >= 0,
    };
}
