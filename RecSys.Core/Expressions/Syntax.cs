namespace RecSys.Core.Expressions;

/// <summary>A part of an expression as it is written.</summary>
/// <param name="At">Offset of its first character.</param>
internal abstract record Syntax(int At)
{
    /// <summary>Its parts.</summary>
    public virtual IEnumerable<Syntax> Parts => [];
}

internal sealed record NumberSyntax(int At, double Value) : Syntax(At);

internal sealed record TextSyntax(int At, string Value) : Syntax(At);

internal sealed record FlagSyntax(int At, bool Value) : Syntax(At);

/// <summary>Literals in brackets.</summary>
internal sealed record ListSyntax(int At, IReadOnlyList<Syntax> Items) : Syntax(At)
{
    public override IEnumerable<Syntax> Parts => Items;
}

/// <param name="At">See <see cref="Syntax"/>.</param>
/// <param name="Path">The name with its points, such as <c>attributes.colour</c>.</param>
internal sealed record NameSyntax(int At, string Path) : Syntax(At);

internal sealed record CallSyntax(int At, string Name, IReadOnlyList<Syntax> Arguments) : Syntax(At)
{
    public override IEnumerable<Syntax> Parts => Arguments;
}

/// <summary><c>not</c> or a minus, so many times.</summary>
internal sealed record PrefixSyntax(int At, ExpressionOperator Operator, int Times, Syntax Operand) : Syntax(At)
{
    public override IEnumerable<Syntax> Parts => [Operand];
}

/// <summary>Operands with operators of one rank between them, from left to right.</summary>
internal sealed record ChainSyntax(int At, Syntax First, IReadOnlyList<(ExpressionOperator Operator, Syntax Operand)> Rest) : Syntax(At)
{
    public override IEnumerable<Syntax> Parts => Rest.Select(link => link.Operand).Prepend(First);
}

internal sealed record CompareSyntax(int At, ExpressionOperator Operator, Syntax Left, Syntax Right) : Syntax(At)
{
    public override IEnumerable<Syntax> Parts => [Left, Right];
}
