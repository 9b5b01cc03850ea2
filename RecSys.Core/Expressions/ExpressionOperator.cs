namespace RecSys.Core.Expressions;

/// <summary>What stands between or before operands.</summary>
internal enum ExpressionOperator
{
    Or,
    And,
    Not,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
    Has,
    Add,
    Subtract,
    Multiply,
    Divide,
    /// <summary>Not written as an operator: the function of this name.</summary>
    Least,
    /// <inheritdoc cref="Least"/>
    Greatest,
    /// <inheritdoc cref="Least"/>
    Coalesce,
}
