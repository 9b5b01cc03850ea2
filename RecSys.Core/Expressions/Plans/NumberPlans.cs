using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using RecSys.Core.Domain.Columns;

namespace RecSys.Core.Expressions.Plans;

/// <summary>One number for all items.</summary>
internal sealed class ConstantPlan(double value) : NumberPlan
{
    public override ReadOnlySpan<double> Read(in ItemBatch batch, Span<double> scratch)
    {
        var filled = scratch[..batch.Padded];
        filled.Fill(value);
        return filled;
    }
}

/// <summary>A field of the items.</summary>
internal sealed class ColumnPlan(ValueColumn<double> column) : NumberPlan
{
    public override ReadOnlySpan<double> Read(in ItemBatch batch, Span<double> scratch) => batch.Read(column, scratch);
}

/// <summary>When an item became available, Unix milliseconds.</summary>
internal sealed class CreatedPlan : NumberPlan
{
    public override ReadOnlySpan<double> Read(in ItemBatch batch, Span<double> scratch)
    {
        var numbers = scratch[..batch.Padded];
        Span<long> gathered = stackalloc long[ItemBatch.Most];
        var created = Moments(in batch, gathered);
        for (var i = 0; i < created.Length; i += Vector512<long>.Count) Known(created[i..]).CopyTo(numbers[i..]);
        return numbers;
    }

    /// <summary>The column of the batch, gathered where it is no run.</summary>
    internal static ReadOnlySpan<long> Moments(in ItemBatch batch, Span<long> gathered)
    {
        if (batch.IsRun) return batch.Catalog.CreatedChunk(batch.First).Slice(batch.First % ValueColumn<long>.ChunkItems, batch.Padded);
        for (var i = 0; i < batch.Items.Length; i++) gathered[i] = batch.Catalog.CreatedMs(batch.Items[i]);
        return gathered[..batch.Padded];
    }

    /// <summary>The next eight as numbers; not numbers where there is no moment.</summary>
    internal static Vector512<double> Known(ReadOnlySpan<long> created)
    {
        var moments = Vector512.Create(created);
        return Vector512.ConditionalSelect(
            Vector512.Equals(moments, Vector512.Create(long.MinValue)).AsDouble(), Vector512.Create(double.NaN),
            Vector512.ConvertToDouble(moments));
    }
}

/// <summary>Days since an item became available.</summary>
internal sealed class AgePlan(long nowMs) : NumberPlan
{
    private const double DayMs = 86_400_000;

    public override ReadOnlySpan<double> Read(in ItemBatch batch, Span<double> scratch)
    {
        var numbers = scratch[..batch.Padded];
        Span<long> gathered = stackalloc long[ItemBatch.Most];
        var created = CreatedPlan.Moments(in batch, gathered);
        var (now, day) = (Vector512.Create((double)nowMs), Vector512.Create(DayMs));
        for (var i = 0; i < created.Length; i += Vector512<long>.Count)
            ((now - CreatedPlan.Known(created[i..])) / day).CopyTo(numbers[i..]);
        return numbers;
    }
}

/// <summary>Popularity of the items.</summary>
internal sealed class PopularityPlan(ReadOnlyMemory<float> popularity) : NumberPlan
{
    public override ReadOnlySpan<double> Read(in ItemBatch batch, Span<double> scratch)
    {
        var column = popularity.Span;
        var numbers = scratch[..batch.Padded];
        if (batch.IsRun && batch.First + batch.Count <= column.Length)
        {
            TensorPrimitives.ConvertTruncating(column.Slice(batch.First, batch.Count), numbers);
            return numbers;
        }
        for (var i = 0; i < batch.Count; i++)
        {
            var item = batch.IsRun ? batch.First + i : batch.Items[i];
            numbers[i] = (uint)item < (uint)column.Length ? column[item] : 0;
        }
        return numbers;
    }
}

/// <summary>Operands with operators between them, from left to right; what is not finite is unknown.</summary>
internal sealed class ArithmeticPlan(NumberPlan first, (ExpressionOperator Operator, NumberPlan Operand)[] rest) : NumberPlan
{
    public override ReadOnlySpan<double> Read(in ItemBatch batch, Span<double> scratch)
    {
        var result = scratch[..batch.Padded];
        first.Read(in batch, scratch).CopyTo(result);
        Span<double> other = stackalloc double[ItemBatch.Most];
        foreach (var (op, operand) in rest)
        {
            var right = operand.Read(in batch, other);
            switch (op)
            {
                case ExpressionOperator.Add: TensorPrimitives.Add(result, right, result); break;
                case ExpressionOperator.Subtract: TensorPrimitives.Subtract(result, right, result); break;
                case ExpressionOperator.Multiply: TensorPrimitives.Multiply(result, right, result); break;
                case ExpressionOperator.Divide: TensorPrimitives.Divide(result, right, result); break;
                case ExpressionOperator.Least: TensorPrimitives.Min(result, right, result); break;
                case ExpressionOperator.Greatest: TensorPrimitives.Max(result, right, result); break;
                default: Complete(result, right); break;
            }
            if (op is ExpressionOperator.Add or ExpressionOperator.Subtract or ExpressionOperator.Multiply or ExpressionOperator.Divide)
                ForgetInfinities(result);
        }
        return result;
    }

    private static void Complete(Span<double> numbers, ReadOnlySpan<double> others)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            if (double.IsNaN(numbers[i])) numbers[i] = others[i];
        }
    }

    // An infinity less itself is not a number, and neither is what it is added to.
    private static void ForgetInfinities(Span<double> numbers)
    {
        for (var i = 0; i < numbers.Length; i += Vector512<double>.Count)
        {
            var part = Vector512.Create<double>(numbers[i..]);
            (part + (part - part)).CopyTo(numbers[i..]);
        }
    }
}

/// <summary>The natural logarithm; unknown for what is not above zero.</summary>
internal sealed class LogarithmPlan(NumberPlan operand) : NumberPlan
{
    public override ReadOnlySpan<double> Read(in ItemBatch batch, Span<double> scratch)
    {
        var numbers = operand.Read(in batch, scratch);
        for (var i = 0; i < numbers.Length; i++) scratch[i] = numbers[i] > 0 ? Math.Log(numbers[i]) : double.NaN;
        return scratch[..batch.Padded];
    }
}

/// <summary>One of two numbers; unknown where it is unknown which.</summary>
internal sealed class ChoicePlan(TruthPlan condition, NumberPlan then, NumberPlan otherwise) : NumberPlan
{
    public override ReadOnlySpan<double> Read(in ItemBatch batch, Span<double> scratch)
    {
        Span<ulong> yes = stackalloc ulong[ItemBatch.Most / 64];
        Span<ulong> no = stackalloc ulong[ItemBatch.Most / 64];
        condition.Evaluate(in batch, yes[..batch.Words], no[..batch.Words]);
        Span<double> other = stackalloc double[ItemBatch.Most];
        var left = then.Read(in batch, scratch);
        var right = otherwise.Read(in batch, other);
        for (var i = 0; i < left.Length; i++)
        {
            var bit = 1UL << (i & 63);
            scratch[i] = (yes[i >> 6] & bit) != 0 ? left[i] : (no[i >> 6] & bit) != 0 ? right[i] : double.NaN;
        }
        return scratch[..batch.Padded];
    }
}
