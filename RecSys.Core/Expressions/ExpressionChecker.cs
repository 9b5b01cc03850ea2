using RecSys.Core.Expressions.Plans;
using Op = RecSys.Core.Expressions.ExpressionOperator;

namespace RecSys.Core.Expressions;

/// <summary>
/// Sees that every part of an expression is of the type that its place asks for, and makes of it a function from scope to plan: what is the
/// same for all items is looked up once per evaluation, the rest is read column by column.
/// </summary>
internal static class ExpressionChecker
{
    /// <exception cref="FaultyExpressionException">An unknown name, or a part of another type than its place asks for.</exception>
    public static ExpressionType TypeOf(Syntax syntax) => syntax switch
    {
        NumberSyntax => ExpressionType.Number,
        TextSyntax => ExpressionType.Text,
        FlagSyntax or CompareSyntax => ExpressionType.Truth,
        ListSyntax => ExpressionType.List,
        NameSyntax name => ExpressionFields.TypeOf(name),
        CallSyntax call => ExpressionFunctions.TypeOf(call),
        PrefixSyntax prefix => prefix.Operator == Op.Not ? ExpressionType.Truth : ExpressionType.Number,
        ChainSyntax chain => IsLogical(chain) ? ExpressionType.Truth : ExpressionType.Number,
        _ => throw new InvalidOperationException(),
    };

    /// <summary>A condition.</summary>
    public static Func<ExpressionScope, TruthPlan> Truth(Syntax syntax)
    {
        Require(syntax, ExpressionType.Truth);
        switch (syntax)
        {
            case FlagSyntax flag:
                return _ => new ConstantTruthPlan(flag.Value);
            case NameSyntax name:
                return ExpressionFields.Truth(name);
            case CallSyntax call:
                return ExpressionFunctions.Truth(call);
            case PrefixSyntax prefix:
                var operand = Truth(prefix.Operand);
                return prefix.Times % 2 == 0 ? operand : scope => new NotPlan(operand(scope));
            case ChainSyntax chain:
                // Operators of one rank: all are the same.
                var (isAnd, operands) = (chain.Rest[0].Operator == Op.And, chain.Parts.Select(Truth).ToArray());
                return scope => new JunctionPlan(isAnd, Array.ConvertAll(operands, bind => bind(scope)));
            default:
                return Compare((CompareSyntax)syntax);
        }
    }

    /// <summary>A number, or a time as Unix milliseconds.</summary>
    public static Func<ExpressionScope, NumberPlan> Number(Syntax syntax, ExpressionType type = ExpressionType.Number)
    {
        Require(syntax, type);
        switch (syntax)
        {
            case NumberSyntax number:
                return _ => new ConstantPlan(number.Value);
            case NameSyntax name:
                return ExpressionFields.Number(name, type);
            case CallSyntax call:
                return ExpressionFunctions.Number(call);
            case PrefixSyntax prefix:
                var operand = Number(prefix.Operand);
                return prefix.Times % 2 == 0 ? operand
                    : scope => new ArithmeticPlan(operand(scope), [(Op.Multiply, new ConstantPlan(-1))]);
            default:
                var chain = (ChainSyntax)syntax;
                var first = Number(chain.First);
                var rest = chain.Rest.Select(link => (link.Operator, Bind: Number(link.Operand))).ToArray();
                return scope => new ArithmeticPlan(first(scope), Array.ConvertAll(rest, link => (link.Operator, link.Bind(scope))));
        }
    }

    /// <summary>A text.</summary>
    public static TextTerm Text(Syntax syntax)
    {
        Require(syntax, ExpressionType.Text);
        return syntax switch
        {
            TextSyntax text => new TextTerm(_ => text.Value, null),
            NameSyntax name => ExpressionFields.Text(name),
            _ => Text(((CallSyntax)syntax).Arguments[0]),
        };
    }

    /// <summary>A list of texts.</summary>
    public static ListTerm List(Syntax syntax)
    {
        Require(syntax, ExpressionType.List);
        if (syntax is NameSyntax name) return ExpressionFields.List(name);
        var texts = ((ListSyntax)syntax).Items.Select(item => item is TextSyntax text
            ? text.Value : throw new FaultyExpressionException(item.At, "a text")).ToArray();
        return new ListTerm(_ => texts, null);
    }

    /// <summary>Whether a list of items has any of some texts.</summary>
    /// <param name="list">A field.</param>
    /// <param name="texts">Null when they are unknown.</param>
    public static Func<ExpressionScope, TruthPlan> Has(ListTerm list, Func<ExpressionScope, IReadOnlyList<string>?> texts)
    {
        if (list.Constant is { } constant)
        {
            return scope => new ConstantTruthPlan(
                constant(scope) is { } all && texts(scope) is { } some ? all.Intersect(some, StringComparer.Ordinal).Any() : null);
        }
        return scope =>
        {
            if (texts(scope) is not { } wanted) return new ConstantTruthPlan(null);
            var table = scope.Catalog.Fields.Texts;
            int[] codes = [.. wanted.Select(text => table.TryFind(text, out var code) ? code : -1).Where(code => code >= 0)];
            return new ListHasPlan(list.Field!(scope), codes);
        };
    }

    private static bool IsLogical(ChainSyntax chain) => chain.Rest[0].Operator is Op.And or Op.Or;

    private static void Require(Syntax syntax, ExpressionType type)
    {
        if (TypeOf(syntax) is var actual && actual != type && actual != ExpressionType.Any)
            throw new FaultyExpressionException(syntax.At, ExpressionText.Of(type), ExpressionText.Of(actual));
    }

    private static Func<ExpressionScope, TruthPlan> Compare(CompareSyntax compare)
    {
        var (op, left, right) = (compare.Operator, compare.Left, compare.Right);
        switch (op)
        {
            case Op.Has:
                return Has(List(left), OneOf(right));
            case Op.In or Op.NotIn:
                var isIn = In(left, right);
                return op == Op.In ? isIn : scope => new NotPlan(isIn(scope));
        }
        var (type, other) = (TypeOf(left), TypeOf(right));
        if (type == ExpressionType.Any) type = other;
        switch (type)
        {
            case ExpressionType.Any:
                throw new FaultyExpressionException(left.At, "number(...), text(...) or time(...) around one of the two fields");
            case ExpressionType.List:
                throw new FaultyExpressionException(left.At, "a number, a text, a time or a condition; lists are asked with has and in",
                    "a list of texts");
            case ExpressionType.Text when op is Op.Equal or Op.NotEqual:
                var equal = Equal(left, Text(left), right, Text(right));
                return op == Op.Equal ? equal : scope => new NotPlan(equal(scope));
            case ExpressionType.Truth when op is Op.Equal or Op.NotEqual:
                var (a, b) = (Truth(left), Truth(right));
                return op == Op.Equal ? scope => new SameTruthPlan(a(scope), b(scope))
                    : scope => new NotPlan(new SameTruthPlan(a(scope), b(scope)));
            case ExpressionType.Number or ExpressionType.Time:
                var (x, y) = (Number(left, type), Number(right, type));
                return scope => new ComparePlan(op, x(scope), y(scope));
            default:
                throw new FaultyExpressionException(left.At, "a number or a time in front of <, <=, > and >=", ExpressionText.Of(type));
        }
    }

    private static Func<ExpressionScope, TruthPlan> In(Syntax left, Syntax right)
    {
        if (right is ListSyntax list && (TypeOf(left) == ExpressionType.Number || list.Items is [NumberSyntax, ..]))
        {
            var number = Number(left);
            var values = list.Items.Select(item => item is NumberSyntax value
                ? value.Value : throw new FaultyExpressionException(item.At, "a number")).ToArray();
            return scope => values.Length == 0 ? new ConstantTruthPlan(false) : new JunctionPlan(isAnd: false,
                Array.ConvertAll(values, value => (TruthPlan)new ComparePlan(Op.Equal, number(scope), new ConstantPlan(value))));
        }
        var texts = List(right);
        var text = Text(left);
        if (texts.Constant is not { } constant)
        {
            return text.Constant is { } one ? Has(texts, scope => one(scope) is { } value ? [value] : null)
                : throw new FaultyExpressionException(left.At, "a text that is the same for all items, in front of in and a list of items",
                    "a field of the items");
        }
        if (text.Constant is { } single)
        {
            return scope => new ConstantTruthPlan(single(scope) is { } value && constant(scope) is { } all
                ? all.Contains(value, StringComparer.Ordinal) : null);
        }
        return scope => constant(scope) is { } all ? new CodeSetPlan(text.Field!(scope), all) : new ConstantTruthPlan(null);
    }

    private static Func<ExpressionScope, IReadOnlyList<string>?> OneOf(Syntax syntax)
    {
        var text = Text(syntax);
        return text.Constant is { } constant ? scope => constant(scope) is { } value ? [value] : null
            : throw new FaultyExpressionException(syntax.At, "a text that is the same for all items, behind has", "a field of the items");
    }

    private static Func<ExpressionScope, TruthPlan> Equal(Syntax left, TextTerm first, Syntax right, TextTerm second)
    {
        if (first.Constant is { } one)
        {
            if (second.Constant is not { } other) return Equal(right, second, left, first);
            return scope => new ConstantTruthPlan(
                one(scope) is { } a && other(scope) is { } b ? string.Equals(a, b, StringComparison.Ordinal) : null);
        }
        if (second.Constant is not { } constant)
            throw new FaultyExpressionException(right.At, "a text that is the same for all items", "a second field of the items");
        return scope => constant(scope) is { } value
            ? new CodeSetPlan(first.Field!(scope), [value]) : new ConstantTruthPlan(null);
    }
}
