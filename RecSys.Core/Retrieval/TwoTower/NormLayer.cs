using System.Numerics.Tensors;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>Layer normalisation (Ba et al., 2016) with libtorch's default epsilon.</summary>
internal sealed class NormLayer(float[] gain, float[] bias)
{
    private const float Epsilon = 1e-5f;

    /// <param name="x">One row.</param>
    /// <param name="result">As long; may be <paramref name="x"/> itself.</param>
    public void Apply(ReadOnlySpan<float> x, Span<float> result)
    {
        TensorPrimitives.Subtract(x, TensorPrimitives.Sum(x) / x.Length, result);
        var variance = TensorPrimitives.SumOfSquares<float>(result) / x.Length;
        TensorPrimitives.Multiply(result, 1 / MathF.Sqrt(variance + Epsilon), result);
        TensorPrimitives.MultiplyAdd(result, gain, bias, result);
    }
}
