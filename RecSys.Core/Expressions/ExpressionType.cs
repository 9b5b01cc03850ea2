namespace RecSys.Core.Expressions;

/// <summary>What a part of an expression is.</summary>
internal enum ExpressionType
{
    Number,
    Text,
    /// <summary>True, false or unknown.</summary>
    Truth,
    Time,
    /// <summary>A list of texts.</summary>
    List,
    /// <summary>Whatever its place asks for: an attribute, or a field of the context.</summary>
    Any,
}
