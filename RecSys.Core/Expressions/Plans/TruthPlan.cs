namespace RecSys.Core.Expressions.Plans;

/// <summary>
/// Says for every item of a batch whether something holds: one bit each for yes and for no, neither where it is unknown. With two bits
/// Kleene's logic is a handful of word operations, and <c>not</c> an exchange.
/// </summary>
internal abstract class TruthPlan
{
    /// <summary>Fills both spans, <see cref="ItemBatch.Words"/> long; bits behind the last item mean nothing.</summary>
    public abstract void Evaluate(in ItemBatch batch, Span<ulong> yes, Span<ulong> no);
}
