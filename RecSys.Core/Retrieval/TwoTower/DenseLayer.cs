using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// A linear layer over several rows. Weights lie in panels of 32 outputs, input by input, so that four rows times one panel stay in
/// registers while a panel is read once from the first-level cache.
/// </summary>
internal sealed class DenseLayer
{
    private const int Panel = 32;
    private const int Half = 16;

    private readonly int inputs;
    private readonly float[] panels;
    private readonly float[] bias;

    /// <param name="weight">[outputs, inputs], row-major.</param>
    /// <param name="bias">[outputs].</param>
    public DenseLayer(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias)
    {
        inputs = weight.Length / bias.Length;
        Stride = StrideFor(bias.Length);
        panels = new float[Stride * inputs];
        this.bias = new float[Stride];
        bias.CopyTo(this.bias);
        for (var o = 0; o < bias.Length; o++)
        {
            for (var i = 0; i < inputs; i++) panels[(o / Panel * inputs + i) * Panel + o % Panel] = weight[o * inputs + i];
        }
    }

    /// <summary>Floats from one result row to the next: the outputs, padded with zeros to a multiple of 32.</summary>
    public int Stride { get; }

    public static int StrideFor(int outputs) => (outputs + Panel - 1) / Panel * Panel;

    /// <param name="x">Rows of at least the layer's inputs.</param>
    /// <param name="stride">Floats from one row of <paramref name="x"/> to the next.</param>
    /// <param name="rows">How many.</param>
    /// <param name="result">rows x <see cref="Stride"/>; must not overlap <paramref name="x"/>.</param>
    public void Apply(ReadOnlySpan<float> x, int stride, int rows, Span<float> result)
    {
        if (rows == 0) return;
        ArgumentOutOfRangeException.ThrowIfGreaterThan((rows - 1) * stride + inputs, x.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows * Stride, result.Length);
        ref var source = ref MemoryMarshal.GetReference(x);
        ref var target = ref MemoryMarshal.GetReference(result);
        for (var column = 0; column < Stride; column += Panel)
        {
            ref var panel = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(panels), column * inputs);
            ref var shift = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(bias), column);
            var row = 0;
            for (; row + 4 <= rows; row += 4)
                Four(ref Unsafe.Add(ref source, row * stride), stride, ref panel, ref shift,
                    ref Unsafe.Add(ref target, row * Stride + column));
            for (; row < rows; row++)
                One(ref Unsafe.Add(ref source, row * stride), ref panel, ref shift, ref Unsafe.Add(ref target, row * Stride + column));
        }
    }

    private void Four(ref float x, int stride, ref float panel, ref float shift, ref float result)
    {
        var (a0, a1) = (Vector512.LoadUnsafe(ref shift), Vector512.LoadUnsafe(ref shift, Half));
        var (b0, b1, c0, c1, d0, d1) = (a0, a1, a0, a1, a0, a1);
        for (var i = 0; i < inputs; i++)
        {
            var low = Vector512.LoadUnsafe(ref panel, (nuint)(i * Panel));
            var high = Vector512.LoadUnsafe(ref panel, (nuint)(i * Panel + Half));
            var value = Vector512.Create(Unsafe.Add(ref x, i));
            a0 = Vector512.FusedMultiplyAdd(value, low, a0);
            a1 = Vector512.FusedMultiplyAdd(value, high, a1);
            value = Vector512.Create(Unsafe.Add(ref x, i + stride));
            b0 = Vector512.FusedMultiplyAdd(value, low, b0);
            b1 = Vector512.FusedMultiplyAdd(value, high, b1);
            value = Vector512.Create(Unsafe.Add(ref x, i + 2 * stride));
            c0 = Vector512.FusedMultiplyAdd(value, low, c0);
            c1 = Vector512.FusedMultiplyAdd(value, high, c1);
            value = Vector512.Create(Unsafe.Add(ref x, i + 3 * stride));
            d0 = Vector512.FusedMultiplyAdd(value, low, d0);
            d1 = Vector512.FusedMultiplyAdd(value, high, d1);
        }
        a0.StoreUnsafe(ref result);
        a1.StoreUnsafe(ref result, Half);
        b0.StoreUnsafe(ref result, (nuint)Stride);
        b1.StoreUnsafe(ref result, (nuint)(Stride + Half));
        c0.StoreUnsafe(ref result, (nuint)(2 * Stride));
        c1.StoreUnsafe(ref result, (nuint)(2 * Stride + Half));
        d0.StoreUnsafe(ref result, (nuint)(3 * Stride));
        d1.StoreUnsafe(ref result, (nuint)(3 * Stride + Half));
    }

    private void One(ref float x, ref float panel, ref float shift, ref float result)
    {
        var (even0, even1) = (Vector512.LoadUnsafe(ref shift), Vector512.LoadUnsafe(ref shift, Half));
        var (odd0, odd1) = (Vector512<float>.Zero, Vector512<float>.Zero);
        var i = 0;
        for (; i + 2 <= inputs; i += 2)
        {
            var value = Vector512.Create(Unsafe.Add(ref x, i));
            even0 = Vector512.FusedMultiplyAdd(value, Vector512.LoadUnsafe(ref panel, (nuint)(i * Panel)), even0);
            even1 = Vector512.FusedMultiplyAdd(value, Vector512.LoadUnsafe(ref panel, (nuint)(i * Panel + Half)), even1);
            value = Vector512.Create(Unsafe.Add(ref x, i + 1));
            odd0 = Vector512.FusedMultiplyAdd(value, Vector512.LoadUnsafe(ref panel, (nuint)(i * Panel + Panel)), odd0);
            odd1 = Vector512.FusedMultiplyAdd(value, Vector512.LoadUnsafe(ref panel, (nuint)(i * Panel + Panel + Half)), odd1);
        }
        if (i < inputs)
        {
            var value = Vector512.Create(Unsafe.Add(ref x, i));
            even0 = Vector512.FusedMultiplyAdd(value, Vector512.LoadUnsafe(ref panel, (nuint)(i * Panel)), even0);
            even1 = Vector512.FusedMultiplyAdd(value, Vector512.LoadUnsafe(ref panel, (nuint)(i * Panel + Half)), even1);
        }
        (even0 + odd0).StoreUnsafe(ref result);
        (even1 + odd1).StoreUnsafe(ref result, Half);
    }
}
