using System.Numerics.Tensors;
using RecSys.Core.Retrieval.Text;
using TorchSharp;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// Text embeddings as the item tower reads them: less their mean, at unit variance overall. A BERT's unit vectors all point nearly the same
/// way and have small components; what tells items apart is the rest.
/// </summary>
internal sealed class TextColumns
{
    private readonly float[] values;
    private readonly float[] mean;
    private readonly float scale;

    public TextColumns(ItemTexts texts)
    {
        (values, Dimension) = (texts.Values, texts.Dimension);
        mean = new float[Dimension];
        var sums = new double[Dimension];
        double squares = 0;
        for (var i = 0; i < values.Length; i++) sums[i % Dimension] += values[i];
        for (var d = 0; d < Dimension; d++) mean[d] = (float)(sums[d] / Math.Max(1, texts.Count));
        for (var i = 0; i < values.Length; i++) squares += Math.Pow(values[i] - mean[i % Dimension], 2);
        var deviation = Math.Sqrt(squares / Math.Max(1, values.Length));
        scale = deviation < 1e-6 ? 0 : (float)(1 / deviation);
    }

    public int Dimension { get; }

    public ReadOnlySpan<float> Mean => mean;

    /// <summary>1 / standard deviation of all values; 0 where all were alike.</summary>
    public float Scale => scale;

    /// <summary>[items, <see cref="Dimension"/>] in the listed order.</summary>
    public torch.Tensor Select(ReadOnlySpan<int> items)
    {
        var selected = new float[checked(items.Length * Dimension)];
        for (var i = 0; i < items.Length; i++)
        {
            var row = selected.AsSpan(i * Dimension, Dimension);
            TensorPrimitives.Subtract(values.AsSpan(items[i] * Dimension, Dimension), mean, row);
            TensorPrimitives.Multiply(row, scale, row);
        }
        return torch.tensor(selected, [items.Length, Dimension]);
    }
}
