namespace RecSys.Core.Expressions;

/// <summary>How large an expression may be: what goes beyond is refused before anything is evaluated.</summary>
/// <param name="MaxLength">Characters.</param>
/// <param name="MaxDepth">Levels of parentheses, calls and lists within each other.</param>
/// <param name="MaxNodes">Values, names, calls and operators.</param>
public sealed record ExpressionLimits(int MaxLength = 4096, int MaxDepth = 32, int MaxNodes = 500);
