using System.Runtime.Intrinsics;

namespace RecSys.Core.Expressions.Plans;

/// <summary>Compares two numbers; unknown where one of them is.</summary>
internal sealed class ComparePlan(ExpressionOperator op, NumberPlan left, NumberPlan right) : TruthPlan
{
    public override void Evaluate(in ItemBatch batch, Span<ulong> yes, Span<ulong> no)
    {
        Span<double> leftScratch = stackalloc double[ItemBatch.Most];
        Span<double> rightScratch = stackalloc double[ItemBatch.Most];
        var a = left.Read(in batch, leftScratch);
        var b = right.Read(in batch, rightScratch);
        for (var word = 0; word < yes.Length; word++)
        {
            ulong less = 0, equal = 0, greater = 0;
            for (var i = 0; i < 64; i += Vector512<double>.Count)
            {
                var x = Vector512.Create(a[(word * 64 + i)..]);
                var y = Vector512.Create(b[(word * 64 + i)..]);
                less |= Vector512.LessThan(x, y).ExtractMostSignificantBits() << i;
                equal |= Vector512.Equals(x, y).ExtractMostSignificantBits() << i;
                greater |= Vector512.GreaterThan(x, y).ExtractMostSignificantBits() << i;
            }
            // Nothing is less than, equal to or greater than a NaN.
            (yes[word], no[word]) = op switch
            {
                ExpressionOperator.Less => (less, equal | greater),
                ExpressionOperator.LessOrEqual => (less | equal, greater),
                ExpressionOperator.Greater => (greater, less | equal),
                ExpressionOperator.GreaterOrEqual => (greater | equal, less),
                ExpressionOperator.Equal => (equal, less | greater),
                _ => (less | greater, equal),
            };
        }
    }
}
