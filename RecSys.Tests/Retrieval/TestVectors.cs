namespace RecSys.Tests.Retrieval;

/// <summary>Unit vectors in clusters, as towers give them.</summary>
internal static class TestVectors
{
    private const int Clusters = 20;

    /// <summary>The clusters are the same for every seed; the rows differ.</summary>
    public static float[] Clustered(int count, int dimension, int seed)
    {
        var middle = new Random(77);
        var centers = Enumerable.Range(0, Clusters * dimension).Select(_ => middle.NextSingle() - 0.5f).ToArray();
        var random = new Random(seed);
        var rows = new float[count * dimension];
        for (var row = 0; row < count; row++)
        {
            var center = random.Next(Clusters) * dimension;
            var at = rows.AsSpan(row * dimension, dimension);
            for (var i = 0; i < dimension; i++) at[i] = centers[center + i] + (random.NextSingle() - 0.5f) * 0.6f;
            System.Numerics.Tensors.TensorPrimitives.Divide(at, System.Numerics.Tensors.TensorPrimitives.Norm<float>(at), at);
        }
        return rows;
    }

    public static ReadOnlySpan<float> Row(float[] rows, int row, int dimension) => rows.AsSpan(row * dimension, dimension);
}
