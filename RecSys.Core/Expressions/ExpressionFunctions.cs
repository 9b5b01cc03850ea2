using System.Globalization;
using RecSys.Core.Domain;
using RecSys.Core.Expressions.Plans;
using Kind = RecSys.Core.Expressions.ExpressionType;
using Op = RecSys.Core.Expressions.ExpressionOperator;

namespace RecSys.Core.Expressions;

/// <summary>The functions of docs/expressions.md.</summary>
internal static class ExpressionFunctions
{
    private const int Many = 16;

    private static readonly Dictionary<string, (Kind Type, int Least, int Most)> Known = new(StringComparer.Ordinal)
    {
        ["has"] = (Kind.Truth, 1, 1), ["has_any"] = (Kind.Truth, 2, 2), ["has_all"] = (Kind.Truth, 2, 2),
        ["newer_than"] = (Kind.Truth, 1, 1), ["older_than"] = (Kind.Truth, 1, 1),
        ["price_between"] = (Kind.Truth, 2, 2), ["price_near"] = (Kind.Truth, 2, 2),
        ["days_since"] = (Kind.Number, 1, 1), ["abs"] = (Kind.Number, 1, 1), ["ln"] = (Kind.Number, 1, 1),
        ["min"] = (Kind.Number, 2, Many), ["max"] = (Kind.Number, 2, Many), ["clamp"] = (Kind.Number, 3, 3),
        ["if"] = (Kind.Number, 3, 3), ["coalesce"] = (Kind.Number, 2, Many),
        ["number"] = (Kind.Number, 1, 1), ["text"] = (Kind.Text, 1, 1), ["time"] = (Kind.Time, 1, 1),
    };

    /// <summary>Names of the functions.</summary>
    public static IReadOnlyCollection<string> Names => Known.Keys;

    /// <summary>True for those that look at an item without naming a field of it.</summary>
    public static bool IsOfItems(string name) => name is "newer_than" or "older_than" or "price_between" or "price_near";

    /// <exception cref="FaultyExpressionException">There is no such function, or it takes another number of arguments.</exception>
    public static Kind TypeOf(CallSyntax call)
    {
        if (!Known.TryGetValue(call.Name, out var known))
        {
            var near = NearestName.Of(call.Name, Known.Keys);
            throw new FaultyExpressionException(call.At,
                near is null ? $"a function: {string.Join(", ", Known.Keys)}" : $"a function; did you mean {near}?",
                $"the unknown name {ExpressionText.Shown(call.Name)}");
        }
        var count = call.Arguments.Count;
        if (count >= known.Least && count <= known.Most) return known.Type;
        throw new FaultyExpressionException(call.At,
            known.Least == known.Most
                ? string.Create(CultureInfo.InvariantCulture, $"{known.Least} arguments of {call.Name}")
                : string.Create(CultureInfo.InvariantCulture, $"{known.Least} to {known.Most} arguments of {call.Name}"),
            count.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>A condition; name and number of arguments are checked.</summary>
    public static Func<ExpressionScope, TruthPlan> Truth(CallSyntax call)
    {
        var arguments = call.Arguments;
        switch (call.Name)
        {
            case "has":
                return Has(arguments[0]);
            case "has_any" or "has_all":
                var (list, texts) = (ExpressionChecker.List(arguments[0]), ExpressionChecker.List(arguments[1]));
                if (texts.Constant is not { } constant)
                    throw new FaultyExpressionException(arguments[1].At, "texts that are the same for all items", "a field of the items");
                return call.Name == "has_any" ? ExpressionChecker.Has(list, constant) : All(list, constant);
            case "newer_than":
                return Compared(Op.LessOrEqual, "age_days", arguments[0]);
            case "older_than":
                return Compared(Op.Greater, "age_days", arguments[0]);
            case "price_between":
                return Both(Compared(Op.GreaterOrEqual, "price", arguments[0]), Compared(Op.LessOrEqual, "price", arguments[1]));
            default:
                // price_near(amount, share)
                var (amount, share) = (ExpressionChecker.Number(arguments[0]), ExpressionChecker.Number(arguments[1]));
                return Both(Compared(Op.GreaterOrEqual, Scaled(Op.Subtract)), Compared(Op.LessOrEqual, Scaled(Op.Add)));

                Func<ExpressionScope, NumberPlan> Scaled(Op op) => scope => new ArithmeticPlan(amount(scope),
                    [(Op.Multiply, new ArithmeticPlan(new ConstantPlan(1), [(op, share(scope))]))]);
        }
    }

    /// <summary>A number or a time; name and number of arguments are checked.</summary>
    public static Func<ExpressionScope, NumberPlan> Number(CallSyntax call)
    {
        var arguments = call.Arguments;
        switch (call.Name)
        {
            case "number":
                return ExpressionChecker.Number(arguments[0]);
            case "time":
                return TimeOf(arguments[0]);
            case "days_since":
                var time = ExpressionChecker.Number(arguments[0], Kind.Time);
                return scope => ExpressionFields.Days(scope, time(scope));
            case "if":
                var condition = ExpressionChecker.Truth(arguments[0]);
                var (then, otherwise) = (ExpressionChecker.Number(arguments[1]), ExpressionChecker.Number(arguments[2]));
                return scope => new ChoicePlan(condition(scope), then(scope), otherwise(scope));
        }
        var numbers = arguments.Select(argument => ExpressionChecker.Number(argument)).ToArray();
        return call.Name switch
        {
            "ln" => scope => new LogarithmPlan(numbers[0](scope)),
            "abs" => scope => new ArithmeticPlan(numbers[0](scope),
                [(Op.Greatest, new ArithmeticPlan(numbers[0](scope), [(Op.Multiply, new ConstantPlan(-1))]))]),
            "clamp" => scope => new ArithmeticPlan(
                numbers[0](scope), [(Op.Greatest, numbers[1](scope)), (Op.Least, numbers[2](scope))]),
            "min" => Folded(Op.Least),
            "max" => Folded(Op.Greatest),
            _ => Folded(Op.Coalesce),
        };

        Func<ExpressionScope, NumberPlan> Folded(Op op) => scope => new ArithmeticPlan(
            numbers[0](scope), [.. numbers.Skip(1).Select(number => (op, number(scope)))]);
    }

    private static Func<ExpressionScope, NumberPlan> TimeOf(Syntax argument)
    {
        if (argument is not TextSyntax text) return ExpressionChecker.Number(argument, Kind.Time);
        if (!AttributeValue.TryParseTime(text.Value, out var moment))
            throw new FaultyExpressionException(text.At, "a time with seconds and a zone as in RFC 3339, such as 2026-11-25T17:00:00Z");
        return _ => new ConstantPlan(moment.ToUnixTimeMilliseconds());
    }

    private static Func<ExpressionScope, TruthPlan> Has(Syntax argument)
    {
        switch (ExpressionChecker.TypeOf(argument))
        {
            case Kind.Any:
                return ExpressionFields.Has((NameSyntax)argument);
            case Kind.Text:
                var text = ExpressionChecker.Text(argument);
                return scope => text.Field is { } field ? new KnownTextPlan(field(scope))
                    : new ConstantTruthPlan(text.Constant!(scope) is not null);
            case Kind.List:
                var list = ExpressionChecker.List(argument);
                return scope => list.Field is { } field ? new ListHasPlan(field(scope), null)
                    : new ConstantTruthPlan(list.Constant!(scope) is { Count: > 0 });
            case Kind.Truth:
                var truth = ExpressionChecker.Truth(argument);
                return scope => new KnownTruthPlan(truth(scope));
            case var type:
                var number = ExpressionChecker.Number(argument, type);
                return scope => ExpressionFields.Known(number(scope));
        }
    }

    private static Func<ExpressionScope, TruthPlan> All(ListTerm list, Func<ExpressionScope, IReadOnlyList<string>?> texts) => scope =>
        texts(scope) is not { } wanted ? new ConstantTruthPlan(null)
        : wanted.Count == 0 ? new ConstantTruthPlan(true)
        : new JunctionPlan(isAnd: true, [.. wanted.Select(text => ExpressionChecker.Has(list, _ => [text])(scope))]);

    private static Func<ExpressionScope, TruthPlan> Both(Func<ExpressionScope, TruthPlan> one, Func<ExpressionScope, TruthPlan> other) =>
        scope => new JunctionPlan(isAnd: true, [one(scope), other(scope)]);

    private static Func<ExpressionScope, TruthPlan> Compared(Op op, string field, Syntax with)
    {
        var (left, right) = (ExpressionFields.Number(new NameSyntax(with.At, field), Kind.Number), ExpressionChecker.Number(with));
        return scope => new ComparePlan(op, left(scope), right(scope));
    }

    private static Func<ExpressionScope, TruthPlan> Compared(Op op, Func<ExpressionScope, NumberPlan> price) =>
        scope => new ComparePlan(op, new ColumnPlan(scope.Catalog.Fields.Prices), price(scope));
}
