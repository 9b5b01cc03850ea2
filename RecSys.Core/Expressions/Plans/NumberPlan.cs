namespace RecSys.Core.Expressions.Plans;

/// <summary>Gives a number for every item of a batch; NaN where it is unknown, and never an infinity.</summary>
internal abstract class NumberPlan
{
    /// <summary>The numbers, <see cref="ItemBatch.Padded"/> of them, in <paramref name="scratch"/> or where they lie.</summary>
    /// <param name="batch">The items.</param>
    /// <param name="scratch"><see cref="ItemBatch.Most"/> long.</param>
    public abstract ReadOnlySpan<double> Read(in ItemBatch batch, Span<double> scratch);
}
