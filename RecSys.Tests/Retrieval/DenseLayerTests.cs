using CsCheck;
using RecSys.Core.Retrieval.TwoTower;

namespace RecSys.Tests.Retrieval;

public sealed class DenseLayerTests
{
    [Fact]
    public void Apply_AnyShape_EqualsTheDefinition() =>
        Gen.Select(Gen.Int[1, 70], Gen.Int[1, 70], Gen.Int[0, 11], Gen.Int[0, 9], Gen.Int[0, 1000]).Sample(
            (inputs, outputs, rows, gap, seed) =>
        {
            var random = new Random(seed);
            float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
            var (weight, bias, stride) = (Draw(inputs * outputs), Draw(outputs), inputs + gap);
            var x = Draw(rows * stride);
            var layer = new DenseLayer(weight, bias);
            var result = Enumerable.Repeat(float.NaN, rows * layer.Stride).ToArray();

            layer.Apply(x, stride, rows, result);

            for (var row = 0; row < rows; row++)
            {
                for (var o = 0; o < layer.Stride; o++)
                {
                    var expected = 0.0;
                    if (o < outputs)
                    {
                        expected = bias[o];
                        for (var i = 0; i < inputs; i++) expected += (double)weight[o * inputs + i] * x[row * stride + i];
                    }
                    Assert.Equal(expected, result[row * layer.Stride + o], 1e-5);
                }
            }
        }, iter: 200);

    [Fact]
    public void Apply_SpanTooShort_IsRefused()
    {
        var layer = new DenseLayer(new float[12], new float[3]);

        Assert.Throws<ArgumentOutOfRangeException>(() => layer.Apply(new float[7], 4, 2, new float[64]));
        Assert.Throws<ArgumentOutOfRangeException>(() => layer.Apply(new float[8], 4, 2, new float[63]));
    }
}
