using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>The two products of attention for one query, over rows that lie a stride apart.</summary>
internal static class AttentionRows
{
    private const int Lane = 16;

    /// <summary>Inner product of the query with each row.</summary>
    public static void Dot(ReadOnlySpan<float> query, ReadOnlySpan<float> rows, int stride, Span<float> scores)
    {
        var at = 0;
        if (query.Length % Lane == 0)
        {
            ref var q = ref MemoryMarshal.GetReference(query);
            for (; at + 4 <= scores.Length; at += 4)
            {
                var group = rows.Slice(at * stride, 3 * stride + query.Length);
                ref var row = ref MemoryMarshal.GetReference(group);
                Vector512<float> a = default, b = default, c = default, d = default;
                for (var i = 0; i < query.Length; i += Lane)
                {
                    var part = Vector512.LoadUnsafe(ref q, (nuint)i);
                    a = Vector512.FusedMultiplyAdd(part, Vector512.LoadUnsafe(ref row, (nuint)i), a);
                    b = Vector512.FusedMultiplyAdd(part, Vector512.LoadUnsafe(ref row, (nuint)(i + stride)), b);
                    c = Vector512.FusedMultiplyAdd(part, Vector512.LoadUnsafe(ref row, (nuint)(i + 2 * stride)), c);
                    d = Vector512.FusedMultiplyAdd(part, Vector512.LoadUnsafe(ref row, (nuint)(i + 3 * stride)), d);
                }
                scores[at] = Vector512.Sum(a);
                scores[at + 1] = Vector512.Sum(b);
                scores[at + 2] = Vector512.Sum(c);
                scores[at + 3] = Vector512.Sum(d);
            }
        }
        for (; at < scores.Length; at++) scores[at] = TensorPrimitives.Dot(query, rows.Slice(at * stride, query.Length));
    }

    /// <summary>The weighted sum of the rows.</summary>
    public static void Mix(ReadOnlySpan<float> weights, ReadOnlySpan<float> rows, int stride, Span<float> result)
    {
        var column = 0;
        for (; column + 4 * Lane <= result.Length; column += 4 * Lane)
        {
            Vector512<float> a = default, b = default, c = default, d = default;
            for (var at = 0; at < weights.Length; at++)
            {
                ref var row = ref MemoryMarshal.GetReference(rows.Slice(at * stride + column, 4 * Lane));
                var weight = Vector512.Create(weights[at]);
                a = Vector512.FusedMultiplyAdd(weight, Vector512.LoadUnsafe(ref row), a);
                b = Vector512.FusedMultiplyAdd(weight, Vector512.LoadUnsafe(ref row, Lane), b);
                c = Vector512.FusedMultiplyAdd(weight, Vector512.LoadUnsafe(ref row, 2 * Lane), c);
                d = Vector512.FusedMultiplyAdd(weight, Vector512.LoadUnsafe(ref row, 3 * Lane), d);
            }
            a.CopyTo(result[column..]);
            b.CopyTo(result[(column + Lane)..]);
            c.CopyTo(result[(column + 2 * Lane)..]);
            d.CopyTo(result[(column + 3 * Lane)..]);
        }
        if (column == result.Length) return;
        var rest = result[column..];
        rest.Clear();
        for (var at = 0; at < weights.Length; at++)
            TensorPrimitives.MultiplyAdd(rows.Slice(at * stride + column, rest.Length), weights[at], rest, rest);
    }
}
