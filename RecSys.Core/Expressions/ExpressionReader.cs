using System.Globalization;

namespace RecSys.Core.Expressions;

/// <summary>Reads and checks expressions; whatever the text, it comes back with an expression or a fault.</summary>
public static class ExpressionReader
{
    /// <summary>Reads a condition.</summary>
    /// <param name="text">The text.</param>
    /// <param name="limits">How large it may be.</param>
    /// <param name="fault">What is wrong with it.</param>
    /// <returns>Null where there is a fault.</returns>
    public static Expression<ItemFilter>? Filter(string text, ExpressionLimits limits, out ExpressionFault? fault) =>
        Read(text, limits, Filter, out fault);

    /// <summary>Reads a condition on the user and the request alone, which is the same for all items.</summary>
    /// <inheritdoc cref="Filter(string, ExpressionLimits, out ExpressionFault?)"/>
    public static Expression<ItemFilter>? Segment(string text, ExpressionLimits limits, out ExpressionFault? fault) =>
        Read(text, limits, Segment, out fault);

    /// <summary>Reads a number.</summary>
    /// <inheritdoc cref="Filter(string, ExpressionLimits, out ExpressionFault?)"/>
    public static Expression<ItemFactor>? Factor(string text, ExpressionLimits limits, out ExpressionFault? fault) =>
        Read(text, limits, Factor, out fault);

    internal static ExpressionFault Fault(string text, FaultyExpressionException exception) => new(
        Math.Min(exception.Offset, text.Length) + 1, exception.Found ?? ExpressionText.At(text, exception.Offset), exception.Expected);

    private static Func<ExpressionScope, ItemFilter> Filter(Syntax syntax)
    {
        var plan = ExpressionChecker.Truth(syntax);
        return scope => new ItemFilter(plan(scope), scope.Catalog);
    }

    private static Func<ExpressionScope, ItemFilter> Segment(Syntax syntax)
    {
        var filter = Filter(syntax);
        RefuseItems(syntax);
        return filter;
    }

    private static void RefuseItems(Syntax syntax)
    {
        var name = syntax switch
        {
            NameSyntax field when ExpressionFields.IsOfItems(field.Path) => field.Path,
            CallSyntax call when ExpressionFunctions.IsOfItems(call.Name) => call.Name,
            _ => null,
        };
        if (name is not null)
        {
            throw new FaultyExpressionException(syntax.At, "something of the user or the request: user.NAME or context.NAME",
                $"{ExpressionText.Shown(name)}, of the items");
        }
        foreach (var part in syntax.Parts) RefuseItems(part);
    }

    private static Func<ExpressionScope, ItemFactor> Factor(Syntax syntax)
    {
        var plan = ExpressionChecker.Number(syntax);
        return scope => new ItemFactor(plan(scope), scope.Catalog);
    }

    private static Expression<T>? Read<T>(
        string text, ExpressionLimits limits, Func<Syntax, Func<ExpressionScope, T>> check, out ExpressionFault? fault)
        where T : class
    {
        try
        {
            if (text.Length > limits.MaxLength) throw TooMuch(limits.MaxLength, limits.MaxLength, "characters");
            var syntax = ExpressionGrammar.Parse(text, limits.MaxDepth);
            var nodes = 0;
            Count(syntax, limits.MaxNodes, ref nodes);
            fault = null;
            return new Expression<T>(text, check(syntax));
        }
        catch (FaultyExpressionException exception)
        {
            fault = Fault(text, exception);
            return null;
        }
    }

    private static void Count(Syntax syntax, int most, ref int nodes)
    {
        // A prefix counts as often as it stands there.
        nodes += syntax is PrefixSyntax prefix ? prefix.Times : 1;
        if (nodes > most) throw TooMuch(syntax.At, most, "values, names, calls and operators");
        foreach (var part in syntax.Parts) Count(part, most, ref nodes);
    }

    private static FaultyExpressionException TooMuch(int at, int most, string what) =>
        new(at, string.Create(CultureInfo.InvariantCulture, $"at most {most} {what}"), "more");
}
