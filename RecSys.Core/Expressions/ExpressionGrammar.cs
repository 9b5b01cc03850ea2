using System.Collections.Frozen;
using System.Globalization;
using Parlot;
using Parlot.Fluent;
using static Parlot.Fluent.Parsers;
using Op = RecSys.Core.Expressions.ExpressionOperator;

namespace RecSys.Core.Expressions;

/// <summary>The grammar of docs/expressions.md: from text to <see cref="Syntax"/>. Knows no names and no types.</summary>
internal static class ExpressionGrammar
{
    private const string Value = "a value: a number, a text in quotes, true, false, a field, a function or (";
    private const string Condition = "a condition";
    private const string Rest = "an operator, and, or, or the end";

    private static readonly FrozenSet<string> Reserved = new[] { "and", "or", "not", "in", "true", "false" }.ToFrozenSet();

    private static readonly HashSet<string> Expected = [];

    private static readonly Parser<Syntax> Whole = Make();

    /// <exception cref="FaultyExpressionException">It is not written as the grammar says, or is nested too deeply.</exception>
    public static Syntax Parse(string text, int maxDepth)
    {
        // The whole expression is the first level.
        var context = new ParseContext(new Scanner(text), maxDepth + 1, false, false, CancellationToken.None);
        try
        {
            if (!Whole.TryParse(context, out var syntax, out var error)) throw Fault(text, context, error, maxDepth);
            var end = Skip(text, context.Scanner.Cursor.Offset);
            return end == text.Length ? syntax : throw new FaultyExpressionException(end, Rest);
        }
        catch (ParseException exception)
        {
            throw Fault(text, context, new ParseError { Message = exception.Message, Position = exception.Position }, maxDepth);
        }
    }

    /// <summary>Where the next word or sign begins.</summary>
    public static int Skip(string text, int offset)
    {
        while (offset < text.Length && char.IsWhiteSpace(text[offset])) offset++;
        return offset;
    }

    private static FaultyExpressionException Fault(string text, ParseContext context, ParseError? error, int maxDepth)
    {
        var at = Skip(text, error?.Position.Offset ?? context.Scanner.Cursor.Offset);
        // What is not ours is Parlot's own: there is one, and it speaks of recursion.
        return error?.Message is { } message && !Expected.Contains(message)
            ? new FaultyExpressionException(at, string.Create(CultureInfo.InvariantCulture,
                $"at most {maxDepth} levels of parentheses, calls and lists within each other"))
            : new FaultyExpressionException(at, error?.Message ?? Value);
    }

    private static Parser<T> Expect<T>(this Parser<T> parser, string expected)
    {
        Expected.Add(expected);
        return parser.ElseError(expected);
    }

    private static Parser<Syntax> Make()
    {
        var expression = Deferred<Syntax>();
        var text = Terms.String(StringLiteralQuotes.SingleOrDouble).Then(static (_, start, _, value) =>
            (Syntax)new TextSyntax(start, value.ToString()!));
        var number = Terms.Pattern(static letter => char.IsAsciiDigit(letter) || letter == '.')
            .When(static (_, value) => IsNumber(value.Span))
            .Then(static (_, start, _, value) =>
                (Syntax)new NumberSyntax(start, double.Parse(value.Span, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture)));
        var flag = Keyword("true").Then(static (_, start, _, _) => (Syntax)new FlagSyntax(start, true))
            .Or(Keyword("false").Then(static (_, start, _, _) => (Syntax)new FlagSyntax(start, false)));
        var negative = Terms.Char('-').SkipAnd(number).Then(static (_, start, _, value) =>
            (Syntax)new NumberSyntax(start, -((NumberSyntax)value).Value));

        var literal = text.Or(number).Or(negative).Or(flag);
        var list = Terms.Char('[').Then(static (_, start, _, _) => start)
            .And(Listed(literal, "a text, a number, true or false"))
            .AndSkip(Terms.Char(']').Expect("a comma or ]"))
            .Then(static parts => (Syntax)new ListSyntax(parts.Item1, parts.Item2));
        var primary = OneOf(
            Terms.Char('(').SkipAnd(expression.Expect(Value)).AndSkip(Terms.Char(')').Expect("an operator, and, or, or )")),
            list, text, number, flag, NameOrCall(expression));

        var minus = OneOrMany(Terms.Char('-').Then(static (_, start, _, _) => start)).And(primary.Expect(Value))
            .Then(static parts => (Syntax)new PrefixSyntax(parts.Item1[0], Op.Subtract, parts.Item1.Count, parts.Item2));
        var product = Chain(minus.Or(primary), Value, Sign("*", Op.Multiply), Sign("/", Op.Divide));
        var sum = Chain(product, Value, Sign("+", Op.Add), Sign("-", Op.Subtract));
        var comparison = Comparison(sum);
        var negation = OneOrMany(Keyword("not").Then(static (_, start, _, _) => start)).And(comparison.Expect(Condition))
            .Then(static parts => (Syntax)new PrefixSyntax(parts.Item1[0], Op.Not, parts.Item1.Count, parts.Item2));
        var conjunction = Chain(negation.Or(comparison), Condition, Word("and", Op.And));
        expression.Parser = Chain(conjunction, Condition, Word("or", Op.Or));
        return expression;
    }

    private static Parser<Syntax> NameOrCall(Parser<Syntax> expression)
    {
        var name = Terms.Identifier(extraPart: static letter => letter == '.')
            .When(static (_, value) => !Reserved.Contains(value.ToString()!))
            .Then(static (_, start, _, value) => new NameSyntax(start, value.ToString()!));
        var arguments = Terms.Char('(').SkipAnd(Listed(expression, "an argument")).AndSkip(Terms.Char(')').Expect("a comma or )"));
        var index = Terms.Char('[')
            .SkipAnd(Terms.String(StringLiteralQuotes.SingleOrDouble).Then(static value => value.ToString()!).Expect("a name in quotes"))
            .AndSkip(Terms.Char(']').Expect("]"));
        var suffix = arguments.Then(static list => new Suffix(list, null)).Or(index.Then(static key => new Suffix(null, key)));
        return name.And(suffix.Else((Suffix)null!)).Then(static parts => parts.Item2 switch
        {
            { Arguments: { } given } => (Syntax)new CallSyntax(parts.Item1.At, parts.Item1.Path, given),
            { Key: { } key } => new NameSyntax(parts.Item1.At, $"{parts.Item1.Path}.{key}"),
            _ => parts.Item1,
        });
    }

    private static Parser<Syntax> Comparison(Parser<Syntax> sum)
    {
        // A longer sign before one that it begins with.
        var signs = OneOf(
            Sign("<=", Op.LessOrEqual), Sign(">=", Op.GreaterOrEqual), Sign("!=", Op.NotEqual), Sign("<>", Op.NotEqual),
            Sign("==", Op.Equal), Sign("=", Op.Equal), Sign("<", Op.Less), Sign(">", Op.Greater), Word("in", Op.In), Word("has", Op.Has),
            Keyword("not").SkipAnd(Keyword("in").Expect("in")).Then(Op.NotIn));
        return sum.And(ZeroOrMany(signs.And(sum.Expect(Value)), 1)).Then(static parts => parts.Item2.Count == 0
            ? parts.Item1 : new CompareSyntax(parts.Item1.At, parts.Item2[0].Item1, parts.Item1, parts.Item2[0].Item2));
    }

    private static Parser<Syntax> Chain(Parser<Syntax> operand, string expected, params Parser<Op>[] between) =>
        operand.And(ZeroOrMany(OneOf(between).And(operand.Expect(expected)))).Then(static parts => parts.Item2.Count == 0
            ? parts.Item1 : new ChainSyntax(parts.Item1.At, parts.Item1, [.. parts.Item2.Select(link => (link.Item1, link.Item2))]));

    private static Parser<IReadOnlyList<Syntax>> Listed(Parser<Syntax> element, string expected) =>
        element.And(ZeroOrMany(Terms.Char(',').SkipAnd(element.Expect(expected))))
            .Then(static parts => (IReadOnlyList<Syntax>)[parts.Item1, .. parts.Item2]).Else((IReadOnlyList<Syntax>)[]);

    private static Parser<Op> Sign(string sign, Op meaning) => Terms.Text(sign).Then(meaning);

    private static Parser<Op> Word(string word, Op meaning) => Keyword(word).Then(meaning);

    private static Parser<string> Keyword(string word) =>
        Terms.Keyword(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.");

    private static bool IsNumber(ReadOnlySpan<char> text) => char.IsAsciiDigit(text[0]) && char.IsAsciiDigit(text[^1])
        && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number);

    private sealed record Suffix(IReadOnlyList<Syntax>? Arguments, string? Key);
}
