using System.Buffers;
using System.Numerics.Tensors;
using RecSys.Core.Domain;
using RecSys.Core.Retrieval.Weights;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// Turns a user's latest items and profile into a query for the item embeddings, in managed SIMD code: causal self-attention over the
/// item vectors, behind a learnt start vector, then the profile is added to the last position. Immutable, safe for concurrent use.
/// </summary>
public sealed class UserTower
{
    private readonly TowerWeights weights;
    private readonly int stride;
    private readonly float scale;
    private readonly float[] start;
    private readonly AttentionBlock[] blocks;
    private readonly float[] profile;
    private readonly NormLayer norm;
    private readonly DenseLayer output;

    /// <summary>Takes the tensors that <see cref="Save"/> writes.</summary>
    /// <exception cref="RecSysException">A tensor is missing or has a shape that does not fit the others.</exception>
    internal UserTower(Dictionary<string, WeightTensor> tensors)
    {
        weights = new TowerWeights(tensors);
        Dimension = weights.Shape("start", 1)[0];
        HistoryLength = weights.Shape("blocks.0.recency", 2)[1] - 1;
        if (HistoryLength < 1) throw new RecSysException("The user tower's recency biases leave no room for a history. Rebuild the model.");
        (stride, scale) = (DenseLayer.StrideFor(Dimension), MathF.Sqrt(Dimension));
        start = weights.Values("start", Dimension);
        var count = 1;
        while (weights.HasPart($"blocks.{count}.")) count++;
        blocks = [.. Enumerable.Range(0, count).Select(block => new AttentionBlock(weights, $"blocks.{block}", Dimension, HistoryLength))];
        profile = weights.Values("profile.weight", ProfileBuckets.TableRows, Dimension);
        norm = weights.Norm("norm", Dimension);
        output = weights.Dense("output", Dimension, Dimension);
    }

    /// <summary>Length of item vectors and of the output.</summary>
    public int Dimension { get; }

    /// <summary>Only this many latest entries are read.</summary>
    public int HistoryLength { get; }

    /// <exception cref="RecSysException">The file cannot be read, is damaged, or holds something else.</exception>
    public static UserTower Load(string safetensorsPath) => new(Safetensors.Read(safetensorsPath));

    public void Save(string path) => weights.Save(path);

    /// <summary>The embedding of a user in a context, from profile fields instead of their buckets.</summary>
    /// <param name="history">As in the other overload.</param>
    /// <param name="user">Profile; null when there is none.</param>
    /// <param name="device">Code from <see cref="ContextCodes.Device"/>.</param>
    /// <param name="location">Code from <see cref="ContextCodes.Location"/>.</param>
    /// <param name="itemEmbeddings">As in the other overload.</param>
    /// <param name="output">As in the other overload.</param>
    public void Embed(
        ReadOnlySpan<int> history, User? user, byte device, byte location, ReadOnlySpan<float> itemEmbeddings, Span<float> output)
    {
        Span<int> profile = stackalloc int[ProfileBuckets.Max];
        Embed(history, profile[..ProfileBuckets.Fill(user, device, location, profile)], itemEmbeddings, output);
    }

    /// <summary>The embedding of a user in a context, from profile fields and items of any source.</summary>
    /// <inheritdoc cref="Embed(ReadOnlySpan{int}, ReadOnlySpan{int}, IEmbeddingSource, Span{float})"/>
    /// <param name="history">Items of <paramref name="items"/>, oldest first.</param>
    /// <param name="user">Profile; null when there is none.</param>
    /// <param name="device">Code from <see cref="ContextCodes.Device"/>.</param>
    /// <param name="location">Code from <see cref="ContextCodes.Location"/>.</param>
    /// <param name="items">Gives their embeddings.</param>
    /// <param name="output">Gets the embedding.</param>
    public int Embed(ReadOnlySpan<int> history, User? user, byte device, byte location, IEmbeddingSource items, Span<float> output)
    {
        Span<int> profile = stackalloc int[ProfileBuckets.Max];
        return Embed(history, profile[..ProfileBuckets.Fill(user, device, location, profile)], items, output);
    }

    /// <summary>Computes one user embedding without allocating.</summary>
    /// <param name="history">Rows of <paramref name="itemEmbeddings"/>, oldest first; of longer ones the last <see cref="HistoryLength"/>
    /// count.</param>
    /// <param name="profile">Buckets from <see cref="ProfileBuckets.Fill"/>.</param>
    /// <param name="itemEmbeddings">Items x <see cref="Dimension"/>, row-major.</param>
    /// <param name="output"><see cref="Dimension"/> floats, L2-normalised unless all zero.</param>
    /// <exception cref="ArgumentException">A row or bucket does not exist, or a span has the wrong length.</exception>
    public void Embed(ReadOnlySpan<int> history, ReadOnlySpan<int> profile, ReadOnlySpan<float> itemEmbeddings, Span<float> output)
    {
        Check(output);
        if (itemEmbeddings.Length % Dimension != 0)
            throw new ArgumentException($"{itemEmbeddings.Length} values are not rows of {Dimension}.", nameof(itemEmbeddings));
        if (history.Length > HistoryLength) history = history[^HistoryLength..];
        var rented = ArrayPool<float>.Shared.Rent(Room(history.Length));
        try
        {
            var x = rented.AsSpan(0, (history.Length + 1) * stride);
            x.Clear();
            var items = itemEmbeddings.Length / Dimension;
            for (var i = 0; i < history.Length; i++)
            {
                if ((uint)history[i] >= (uint)items)
                    throw new ArgumentException($"Item row {history[i]} does not exist, there are {items}.", nameof(history));
                Enter(itemEmbeddings.Slice(history[i] * Dimension, Dimension), x, i + 1);
            }
            Run(x, history.Length, rented.AsSpan(x.Length), profile, output);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    /// <summary>
    /// The same with items of any source. Those without an embedding are left out; of the others the last <see cref="HistoryLength"/>
    /// count.
    /// </summary>
    /// <param name="history">Items of <paramref name="items"/>, oldest first.</param>
    /// <param name="profile">As in the other overload.</param>
    /// <param name="items">Gives their embeddings, each <see cref="Dimension"/> floats.</param>
    /// <param name="output">As in the other overload.</param>
    /// <returns>How many items were read.</returns>
    /// <exception cref="ArgumentException">A bucket does not exist, or a span has the wrong length.</exception>
    public int Embed(ReadOnlySpan<int> history, ReadOnlySpan<int> profile, IEmbeddingSource items, Span<float> output)
    {
        Check(output);
        var most = Math.Min(history.Length, HistoryLength);
        var rented = ArrayPool<float>.Shared.Rent(Room(most));
        try
        {
            var all = rented.AsSpan(0, (most + 1) * stride);
            all.Clear();
            // From the latest backwards: how many have an embedding is known at the end, and there the sequence begins.
            var count = 0;
            for (var at = history.Length - 1; at >= 0 && count < most; at--)
            {
                if (!items.TryGet(history[at], out var embedding)) continue;
                Enter(embedding, all, most - count);
                count++;
            }
            Run(all[((most - count) * stride)..], count, rented.AsSpan(all.Length), profile, output);
            return count;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    private void Check(Span<float> output)
    {
        if (output.Length != Dimension)
            throw new ArgumentException($"Room for {output.Length} values, {Dimension} are needed.", nameof(output));
    }

    private int Room(int history) => (history + 1) * stride + BufferSize(history + 1);

    private void Enter(ReadOnlySpan<float> embedding, Span<float> x, int row) =>
        TensorPrimitives.Multiply(embedding, scale, x.Slice(row * stride, Dimension));

    // x has room for the start vector, followed by the entries.
    private void Run(Span<float> x, int history, Span<float> buffer, ReadOnlySpan<int> profile, Span<float> output)
    {
        start.CopyTo(x);
        var rows = history + 1;
        for (var block = 0; block < blocks.Length; block++)
            blocks[block].Apply(x, rows, block == blocks.Length - 1 ? rows - 1 : 0, buffer);

        var last = x.Slice(history * stride, Dimension);
        AddProfile(profile, last, buffer[..Dimension]);
        norm.Apply(last, last);
        this.output.Apply(last, stride, 1, buffer);
        buffer[..Dimension].CopyTo(output);
        var length = TensorPrimitives.Norm<float>(output);
        if (length > 0) TensorPrimitives.Divide(output, length, output);
    }

    private int BufferSize(int rows)
    {
        var size = 0;
        foreach (var block in blocks) size = Math.Max(size, block.BufferSize(rows));
        return size;
    }

    private void AddProfile(ReadOnlySpan<int> buckets, Span<float> x, Span<float> sum)
    {
        if (buckets.IsEmpty) return;
        sum.Clear();
        foreach (var bucket in buckets)
        {
            if ((uint)bucket >= ProfileBuckets.TableRows)
                throw new ArgumentException($"Profile bucket {bucket} does not exist.", nameof(buckets));
            TensorPrimitives.Add(sum, profile.AsSpan(bucket * Dimension, Dimension), sum);
        }
        TensorPrimitives.MultiplyAdd(sum, 1f / buckets.Length, x, x);
    }
}
