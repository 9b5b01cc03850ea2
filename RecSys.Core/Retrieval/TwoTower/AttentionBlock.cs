using System.Numerics.Tensors;
using RecSys.Core.Domain;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// Serving form of <see cref="AttentionBlockModule"/>. Immutable, safe for concurrent use; works in the caller's buffers.
/// </summary>
internal sealed class AttentionBlock
{
    private readonly int dimension;
    private readonly int heads;
    private readonly int history;
    private readonly int stride;
    private readonly NormLayer norm;
    private readonly DenseLayer query;
    private readonly DenseLayer key;
    private readonly DenseLayer value;
    private readonly DenseLayer merge;
    private readonly NormLayer innerNorm;
    private readonly DenseLayer inner;
    private readonly DenseLayer outer;

    // Per head the bias of lags history - 1 ... 0, then that of the start vector.
    private readonly float[] bias;

    /// <exception cref="RecSysException">A tensor is missing or has a shape that does not fit the others.</exception>
    public AttentionBlock(TowerWeights weights, string name, int dimension, int history)
    {
        (this.dimension, this.history, stride) = (dimension, history, DenseLayer.StrideFor(dimension));
        heads = weights.Shape($"{name}.recency", 2)[0];
        if (dimension % heads != 0)
            throw new RecSysException($"The user tower's {heads} heads cannot share {dimension} dimensions. Rebuild the model.");
        bias = [.. weights.Values($"{name}.recency", heads, history + 1)];
        for (var head = 0; head < heads; head++) bias.AsSpan(head * (history + 1), history).Reverse();
        norm = weights.Norm($"{name}.norm", dimension);
        query = weights.Dense($"{name}.query", dimension, dimension);
        key = weights.Dense($"{name}.key", dimension, dimension);
        value = weights.Dense($"{name}.value", dimension, dimension);
        merge = weights.Dense($"{name}.merge", dimension, dimension);
        innerNorm = weights.Norm($"{name}.innerNorm", dimension);
        var hidden = weights.Shape($"{name}.inner.weight", 2)[0];
        inner = weights.Dense($"{name}.inner", dimension, hidden);
        outer = weights.Dense($"{name}.outer", hidden, dimension);
    }

    /// <summary>Floats that <see cref="Apply"/> needs beside the rows themselves.</summary>
    public int BufferSize(int rows) => rows * (4 * stride + inner.Stride) + rows;

    /// <summary>Updates rows in place; row 0 is the start vector, the others are entries, oldest first.</summary>
    /// <param name="x">rows x the dimension, padded to a multiple of 32.</param>
    /// <param name="rows">How many.</param>
    /// <param name="first">Rows before this one are only looked at, not updated.</param>
    /// <param name="buffer">At least <see cref="BufferSize"/>.</param>
    public void Apply(Span<float> x, int rows, int first, Span<float> buffer)
    {
        var size = rows * stride;
        var normed = buffer[..size];
        var keys = buffer.Slice(size, size);
        var values = buffer.Slice(2 * size, size);
        var queries = buffer.Slice(3 * size, size);
        var hidden = buffer.Slice(4 * size, rows * inner.Stride);
        var scores = buffer.Slice(4 * size + rows * inner.Stride, rows);

        for (var row = 0; row < rows; row++) norm.Apply(x.Slice(row * stride, dimension), normed.Slice(row * stride, dimension));
        key.Apply(normed, stride, rows, keys);
        value.Apply(normed, stride, rows, values);
        var wanted = rows - first;
        query.Apply(normed[(first * stride)..], stride, wanted, queries);
        for (var row = first; row < rows; row++) Attend(queries.Slice((row - first) * stride, dimension), row, keys, values, scores);

        var updated = x[(first * stride)..(rows * stride)];
        var change = normed[..updated.Length];
        merge.Apply(queries, stride, wanted, change);
        TensorPrimitives.Add(updated, change, updated);
        for (var row = 0; row < wanted; row++)
            innerNorm.Apply(updated.Slice(row * stride, dimension), queries.Slice(row * stride, dimension));
        inner.Apply(queries, stride, wanted, hidden);
        TensorPrimitives.Max(hidden, 0, hidden);
        outer.Apply(hidden, inner.Stride, wanted, change);
        TensorPrimitives.Add(updated, change, updated);
    }

    // Puts what the heads see in place of the query.
    private void Attend(Span<float> query, int row, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, Span<float> scores)
    {
        var size = dimension / heads;
        var scale = 1 / MathF.Sqrt(size);
        scores = scores[..(row + 1)];
        for (var head = 0; head < heads; head++)
        {
            var part = query.Slice(head * size, size);
            AttentionRows.Dot(part, keys[(head * size)..], stride, scores);
            var biases = bias.AsSpan(head * (history + 1), history + 1);
            scores[0] = scores[0] * scale + biases[history];
            TensorPrimitives.MultiplyAdd(scores[1..], scale, biases[(history - row)..history], scores[1..]);
            // The largest becomes 0, so that no exponential overflows.
            TensorPrimitives.Subtract(scores, TensorPrimitives.Max<float>(scores), scores);
            TensorPrimitives.Exp(scores, scores);
            TensorPrimitives.Divide(scores, TensorPrimitives.Sum<float>(scores), scores);
            AttentionRows.Mix(scores, values[(head * size)..], stride, part);
        }
    }
}
