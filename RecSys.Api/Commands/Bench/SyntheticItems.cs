using System.Numerics.Tensors;
using RecSys.Core.Retrieval.VectorSearch;

namespace RecSys.Api.Commands.Bench;

/// <summary>
/// Unit vectors such as towers give: 5,000 overlapping clusters of unequal size, themselves grouped around 64 topics. A row is computed
/// from its number, so ten million of them need no memory. Users lie near clusters, as their embeddings do.
/// </summary>
internal sealed class SyntheticItems : IVectorRows
{
    private const int Topics = 64;
    private const int Clusters = 5000;

    // Length of the noise against a centre of length 1: two items of a cluster have a cosine of about 0.55, two clusters of a topic 0.6.
    private const float ClusterNoise = 0.8f;
    private const float ItemNoise = 0.9f;
    private const ulong ItemSeed = 0x9e3779b97f4a7c15;
    private const ulong UserSeed = 0xc2b2ae3d27d4eb4f;

    private readonly float[] centres;
    private readonly float[] normal = new float[4096];

    public SyntheticItems(int count, int dimension = 128)
    {
        Count = count;
        Dimension = dimension;
        var random = new Random(1);
        for (var i = 0; i < normal.Length; i++)
            normal[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()) / Math.Sqrt(
                dimension));
        var topics = new float[Topics * dimension];
        for (var i = 0; i < topics.Length; i++) topics[i] = normal[random.Next(normal.Length)];
        centres = new float[Clusters * dimension];
        for (var c = 0; c < Clusters; c++)
        {
            var centre = centres.AsSpan(c * dimension, dimension);
            var topic = topics.AsSpan(random.Next(Topics) * dimension, dimension);
            for (var i = 0; i < dimension; i++) centre[i] = topic[i] + ClusterNoise * normal[random.Next(normal.Length)];
            TensorPrimitives.Divide(centre, TensorPrimitives.Norm<float>(centre), centre);
        }
    }

    public int Dimension { get; }
    public int Count { get; }

    public void Read(int first, Span<float> rows)
    {
        for (var i = 0; i < rows.Length / Dimension; i++) Make(ItemSeed, first + i, rows.Slice(i * Dimension, Dimension));
    }

    /// <param name="first">Number of the first user; users are as endless as items.</param>
    /// <param name="count">How many.</param>
    public float[] Users(int first, int count)
    {
        var users = new float[count * Dimension];
        for (var i = 0; i < count; i++) Make(UserSeed, first + i, users.AsSpan(i * Dimension, Dimension));
        return users;
    }

    private void Make(ulong seed, int number, Span<float> row)
    {
        var state = seed ^ ((ulong)number * 0xd1342543de82ef95);
        // The square of a uniform number: the largest clusters have many times the items of the median one.
        var draw = (Next(ref state) >> 40) / (double)(1 << 24);
        var centre = centres.AsSpan((int)(draw * draw * Clusters) * Dimension, Dimension);
        for (var i = 0; i < row.Length;)
        {
            var bits = Next(ref state);
            for (var part = 0; part < 5 && i < row.Length; part++, i++, bits >>= 12)
                row[i] = centre[i] + ItemNoise * normal[(int)(bits & 4095)];
        }
        TensorPrimitives.Divide(row, TensorPrimitives.Norm<float>(row), row);
    }

    // SplitMix64.
    private static ulong Next(ref ulong state)
    {
        var z = state += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
