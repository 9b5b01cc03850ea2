using System.Numerics.Tensors;

namespace RecSys.Core.Training.Rows;

/// <summary>
/// Lists of a model as they are met in serving: features, item and click probability of each place, and the user's embedding.
/// </summary>
/// <param name="width">Features of a row.</param>
internal sealed class ReferenceSample(int width)
{
    private readonly List<float> rows = [];
    private readonly List<float[]> embeddings = [];

    /// <summary>Features of a row.</summary>
    public int Width => width;

    /// <summary>Places, row-major.</summary>
    public float[] Rows => [.. rows];

    /// <summary>Number of the item of each row.</summary>
    public List<int> Items { get; } = [];

    /// <summary>Click probability of each row.</summary>
    public List<float> Scores { get; } = [];

    /// <summary>Embedding of each list's user, of length one.</summary>
    public IReadOnlyList<float[]> Embeddings => embeddings;

    /// <summary>Number of lists.</summary>
    public int Requests => embeddings.Count;

    public void AddRow(ReadOnlySpan<float> features, int item, double score)
    {
        foreach (var value in features) rows.Add(value);
        Items.Add(item);
        Scores.Add((float)score);
    }

    /// <summary>Ends a list.</summary>
    public void EndList(ReadOnlySpan<float> embedding)
    {
        var unit = embedding.ToArray();
        var length = TensorPrimitives.Norm<float>(unit);
        if (length > 0) TensorPrimitives.Divide(unit, length, unit);
        embeddings.Add(unit);
    }
}
