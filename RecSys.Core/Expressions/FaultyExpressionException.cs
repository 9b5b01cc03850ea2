namespace RecSys.Core.Expressions;

/// <summary>
/// Ends the reading of an expression from within; never leaves <see cref="ExpressionReader"/> or <see cref="Expression{T}"/>.
/// </summary>
/// <param name="offset">Character at which the fault is, from 0.</param>
/// <param name="expected">What may stand there.</param>
/// <param name="found">What stands there; null: the word or sign at the offset.</param>
internal sealed class FaultyExpressionException(int offset, string expected, string? found = null) : Exception("An expression has a fault.")
{
    public int Offset => offset;
    public string Expected => expected;
    public string? Found => found;
}
