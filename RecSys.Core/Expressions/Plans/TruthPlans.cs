namespace RecSys.Core.Expressions.Plans;

/// <summary>The same for all items; null: unknown.</summary>
internal sealed class ConstantTruthPlan(bool? value) : TruthPlan
{
    public override void Evaluate(in ItemBatch batch, Span<ulong> yes, Span<ulong> no)
    {
        yes.Fill(value == true ? ulong.MaxValue : 0);
        no.Fill(value == false ? ulong.MaxValue : 0);
    }
}

/// <summary>Operands with <c>and</c> or <c>or</c> between them.</summary>
internal sealed class JunctionPlan(bool isAnd, TruthPlan[] operands) : TruthPlan
{
    public override void Evaluate(in ItemBatch batch, Span<ulong> yes, Span<ulong> no)
    {
        operands[0].Evaluate(in batch, yes, no);
        Span<ulong> otherYes = stackalloc ulong[yes.Length];
        Span<ulong> otherNo = stackalloc ulong[yes.Length];
        foreach (var operand in operands.AsSpan(1))
        {
            operand.Evaluate(in batch, otherYes, otherNo);
            for (var word = 0; word < yes.Length; word++)
            {
                (yes[word], no[word]) = isAnd
                    ? (yes[word] & otherYes[word], no[word] | otherNo[word]) : (yes[word] | otherYes[word], no[word] & otherNo[word]);
            }
        }
    }
}

/// <summary>The opposite.</summary>
internal sealed class NotPlan(TruthPlan operand) : TruthPlan
{
    public override void Evaluate(in ItemBatch batch, Span<ulong> yes, Span<ulong> no) => operand.Evaluate(in batch, no, yes);
}

/// <summary>Are both true or both false? Unknown where one of them is.</summary>
internal sealed class SameTruthPlan(TruthPlan left, TruthPlan right) : TruthPlan
{
    public override void Evaluate(in ItemBatch batch, Span<ulong> yes, Span<ulong> no)
    {
        left.Evaluate(in batch, yes, no);
        Span<ulong> otherYes = stackalloc ulong[yes.Length];
        Span<ulong> otherNo = stackalloc ulong[yes.Length];
        right.Evaluate(in batch, otherYes, otherNo);
        for (var word = 0; word < yes.Length; word++)
        {
            (yes[word], no[word]) = (yes[word] & otherYes[word] | no[word] & otherNo[word],
                yes[word] & otherNo[word] | no[word] & otherYes[word]);
        }
    }
}

/// <summary>Is it known whether something holds?</summary>
internal sealed class KnownTruthPlan(TruthPlan operand) : TruthPlan
{
    public override void Evaluate(in ItemBatch batch, Span<ulong> yes, Span<ulong> no)
    {
        operand.Evaluate(in batch, yes, no);
        for (var word = 0; word < yes.Length; word++)
        {
            yes[word] |= no[word];
            no[word] = ~yes[word];
        }
    }
}

/// <summary>May the item be served: available, not flagged, not removed?</summary>
internal sealed class ServablePlan : TruthPlan
{
    public override void Evaluate(in ItemBatch batch, Span<ulong> yes, Span<ulong> no)
    {
        if (batch.IsRun)
        {
            ServableBits.Read(batch.Catalog, batch.First, yes);
        }
        else
        {
            yes.Clear();
            for (var i = 0; i < batch.Items.Length; i++)
            {
                if (batch.Catalog.IsServable(batch.Items[i])) yes[i >> 6] |= 1UL << (i & 63);
            }
        }
        for (var word = 0; word < yes.Length; word++) no[word] = ~yes[word];
    }
}
