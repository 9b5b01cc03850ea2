using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Domain.Columns;
using RecSys.Core.Expressions.Plans;
using Kind = RecSys.Core.Expressions.ExpressionType;

namespace RecSys.Core.Expressions;

/// <summary>The names that an expression may use, as docs/expressions.md lists them.</summary>
internal static class ExpressionFields
{
    /// <summary>Before the name of an attribute of the items, of the user, and of a field of the request.</summary>
    public const string OfItem = "attributes.", OfUser = "user.attributes.", OfContext = "context.";

    private const double DayMs = 86_400_000;

    private static readonly Dictionary<string, ExpressionType> Types = new(StringComparer.Ordinal)
    {
        ["category"] = Kind.Text, ["creator"] = Kind.Text, ["tags"] = Kind.List, ["price"] = Kind.Number,
        ["duration_seconds"] = Kind.Number,
        ["created_at"] = Kind.Time, ["age_days"] = Kind.Number, ["popularity"] = Kind.Number, ["available"] = Kind.Truth,
        ["user.age"] = Kind.Number, ["user.gender"] = Kind.Text, ["user.location"] = Kind.Text,
        ["context.device"] = Kind.Text, ["context.location"] = Kind.Text, ["context.hour"] = Kind.Number, ["context.weekday"] = Kind.Number,
    };

    /// <summary>Names of the fields that always exist.</summary>
    public static IReadOnlyCollection<string> Names => Types.Keys;

    /// <summary>True for what items have, false for what the user or the request has.</summary>
    public static bool IsOfItems(string path) =>
        !path.StartsWith("user.", StringComparison.Ordinal) && !path.StartsWith(OfContext, StringComparison.Ordinal);

    /// <exception cref="FaultyExpressionException">There is no such field.</exception>
    public static ExpressionType TypeOf(NameSyntax name)
    {
        if (Types.TryGetValue(name.Path, out var type)) return type;
        if (Named(name.Path, OfItem) || Named(name.Path, OfUser) || Named(name.Path, OfContext)) return Kind.Any;
        var near = NearestName.Of(name.Path, Types.Keys);
        throw new FaultyExpressionException(name.At, near is null
            ? $"a field: {string.Join(", ", Types.Keys)}, {OfItem}NAME, {OfUser}NAME or {OfContext}NAME" : $"a field; did you mean {near}?",
            $"the unknown name {ExpressionText.Shown(name.Path)}");
    }

    /// <summary>A number or a time (Unix milliseconds); the type is checked.</summary>
    public static Func<ExpressionScope, NumberPlan> Number(NameSyntax name, ExpressionType wanted)
    {
        switch (name.Path)
        {
            case "price": return static scope => new ColumnPlan(scope.Catalog.Fields.Prices);
            case "duration_seconds": return static scope => new ColumnPlan(scope.Catalog.Fields.Durations);
            case "created_at": return static _ => new CreatedPlan();
            case "age_days": return static scope => new AgePlan(scope.NowMs);
            case "popularity": return static scope => new PopularityPlan(scope.Popularity);
            case "user.age": return static scope => new ConstantPlan(scope.User?.Age ?? double.NaN);
            case "context.hour": return static scope => new ConstantPlan(At(scope).Hour);
            // Monday is 1, Sunday 7.
            case "context.weekday": return static scope => new ConstantPlan(((int)At(scope).DayOfWeek + 6) % 7 + 1);
        }
        if (IsOfItem(name))
        {
            return wanted == Kind.Time
                ? scope => new ColumnPlan(Column(scope, name, AttributeKind.Time).Times)
                : scope => new ColumnPlan(Column(scope, name, AttributeKind.Number).Numbers);
        }
        return wanted == Kind.Time
            ? scope => new ConstantPlan(AsTime(Constant(scope, name.Path)))
            : scope => new ConstantPlan(AsNumber(Constant(scope, name.Path)));
    }

    /// <summary>Days since a time; negative before it.</summary>
    public static NumberPlan Days(ExpressionScope scope, NumberPlan time) => new ArithmeticPlan(
        new ConstantPlan(scope.NowMs),
        [(ExpressionOperator.Subtract, time), (ExpressionOperator.Divide, new ConstantPlan(DayMs))]);

    public static TextTerm Text(NameSyntax name) => name.Path switch
    {
        "category" => new(null, static scope => new CategoryCodes(scope.Catalog)),
        "creator" => new(null, static scope => new ColumnCodes(
            scope.Catalog.Fields.Creators, text => scope.Catalog.TryFindCreator(text, out var code) ? code : -2)),
        "user.gender" => new(static scope => Filled(scope.User?.Gender), null),
        "user.location" => new(static scope => Filled(scope.User?.Location), null),
        "context.device" => new(static scope => Filled(scope.Device), null),
        "context.location" => new(static scope => Filled(scope.Location), null),
        _ when IsOfItem(name) => new(null, scope => new ColumnCodes(
            Column(scope, name, AttributeKind.Text).Codes, text => scope.Catalog.Fields.Texts.TryFind(text, out var code) ? code : -2)),
        _ => new(scope => Constant(scope, name.Path) is { Kind: AttributeKind.Text } value ? value.ToString() : null, null),
    };

    public static ListTerm List(NameSyntax name)
    {
        if (name.Path == "tags") return new(null, static scope => scope.Catalog.Fields.Tags);
        if (IsOfItem(name)) return new(null, scope => Column(scope, name, AttributeKind.List).Lists);
        return new(
            scope => Constant(scope, name.Path) is { Kind: AttributeKind.List or AttributeKind.Text } value ? value.Texts : null, null);
    }

    public static Func<ExpressionScope, TruthPlan> Truth(NameSyntax name)
    {
        if (name.Path == "available") return static _ => new ServablePlan();
        if (IsOfItem(name))
        {
            return scope => new ComparePlan(ExpressionOperator.Equal, new ColumnPlan(Column(scope, name, AttributeKind.Boolean).Flags),
                new ConstantPlan(1));
        }
        return scope => new ConstantTruthPlan(AsTruth(Constant(scope, name.Path)));
    }

    /// <summary>Whether an attribute of any kind, or a field of the context, has a value.</summary>
    public static Func<ExpressionScope, TruthPlan> Has(NameSyntax name)
    {
        if (!IsOfItem(name)) return scope => new ConstantTruthPlan(Constant(scope, name.Path) is not null);
        return scope =>
        {
            var column = Column(scope, name, kind: null);
            return new JunctionPlan(isAnd: false,
            [
                Known(new ColumnPlan(column.Numbers)), Known(new ColumnPlan(column.Times)), Known(new ColumnPlan(column.Flags)),
                new KnownTextPlan(new ColumnCodes(column.Codes, static _ => -2)), new ListHasPlan(column.Lists, null),
            ]);
        };
    }

    /// <summary>Whether a number is known.</summary>
    public static TruthPlan Known(NumberPlan number) =>
        new KnownTruthPlan(new ComparePlan(ExpressionOperator.Equal, number, new ConstantPlan(0)));

    private static bool Named(string path, string prefix) =>
        path.Length > prefix.Length && path.StartsWith(prefix, StringComparison.Ordinal);

    private static bool IsOfItem(NameSyntax name) => Named(name.Path, OfItem);

    private static DateTime At(ExpressionScope scope) => DateTimeOffset.FromUnixTimeMilliseconds(scope.NowMs).UtcDateTime;

    private static string? Filled(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static AttributeColumn Column(ExpressionScope scope, NameSyntax name, AttributeKind? kind)
    {
        var (fields, wanted) = (scope.Catalog.Fields, name.Path[OfItem.Length..]);
        if (fields.Attribute(wanted) is not { } column)
        {
            var near = NearestName.Of(wanted, fields.AttributeNames);
            throw new FaultyExpressionException(name.At,
                near is not null ? $"an attribute that items have; did you mean {OfItem}{near}?"
                : fields.IsFull ? "one of the attributes that are kept for expressions, at most Limits:MaxAttributes"
                : "an attribute that items have",
                $"the unknown name {ExpressionText.Shown(name.Path)}");
        }
        return kind is not { } one || column.Had(one) ? column
            : throw new FaultyExpressionException(name.At, ExpressionText.Of(one),
                $"{ExpressionText.Shown(name.Path)}, {string.Join(" or ", column.Kinds.Select(ExpressionText.Of))}");
    }

    private static AttributeValue? Constant(ExpressionScope scope, string path)
    {
        if (Named(path, OfUser))
        {
            return scope.User?.Attributes.TryGetValue(path[OfUser.Length..], out var text) == true
                ? AttributeValue.Of(text) : (AttributeValue?)null;
        }
        return scope.Context.TryGetValue(path[OfContext.Length..], out var value) ? value : (AttributeValue?)null;
    }

    // What a user's profile says is text, whatever it means.
    private static double AsNumber(AttributeValue? value) => value switch
    {
        { Kind: AttributeKind.Number } number when double.IsFinite(number.Number) => number.Number,
        { Kind: AttributeKind.Text } text when double.TryParse(text.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture,
            out var number) && double.IsFinite(number) => number,
        _ => double.NaN,
    };

    private static double AsTime(AttributeValue? value) => value switch
    {
        { Kind: AttributeKind.Time } time => time.Time.ToUnixTimeMilliseconds(),
        { Kind: AttributeKind.Text } text when AttributeValue.TryParseTime(text.ToString(), out var time) => time.ToUnixTimeMilliseconds(),
        _ => double.NaN,
    };

    private static bool? AsTruth(AttributeValue? value) => value switch
    {
        { Kind: AttributeKind.Boolean } flag => flag.Flag,
        { Kind: AttributeKind.Text } text => text.ToString() switch { "true" => true, "false" => false, _ => null },
        _ => null,
    };
}
