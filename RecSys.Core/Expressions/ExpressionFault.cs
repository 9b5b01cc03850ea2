using System.Globalization;

namespace RecSys.Core.Expressions;

/// <summary>What is wrong with an expression.</summary>
/// <param name="Position">Character at which it is, from 1; one behind the last for the end.</param>
/// <param name="Found">What stands there.</param>
/// <param name="Expected">What may stand there.</param>
public sealed record ExpressionFault(int Position, string Found, string Expected)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"character {Position}: found {Found}, expected {Expected}");
}
