using System.Buffers;
using System.Numerics.Tensors;
using RecSys.Core.Domain;
using RecSys.Core.Retrieval.Weights;

namespace RecSys.Core.Retrieval.TwoTower;

/// <summary>
/// Turns a user's latest items and profile into a query for the item embeddings, in managed SIMD code. Pools the item vectors with learnt
/// recency weights (several profiles side by side), adds the profile, and refines by a residual layer. Immutable, safe for concurrent use.
/// </summary>
public sealed class UserTower
{
    private const int MaxSize = 65536;

    private readonly Dictionary<string, WeightTensor> tensors;
    private readonly int heads;
    private readonly int hiddenSize;
    private readonly float scale;
    private readonly float[] recency;
    private readonly float[] recencySums;
    private readonly float[] mix;
    private readonly float[] profile;
    private readonly float[] hiddenWeight;
    private readonly float[] hiddenBias;
    private readonly float[] outputWeight;
    private readonly float[] outputBias;

    /// <summary>Takes the tensors that <see cref="Save"/> writes.</summary>
    /// <exception cref="RecSysException">A tensor is missing or has a shape that does not fit the others.</exception>
    internal UserTower(Dictionary<string, WeightTensor> tensors)
    {
        this.tensors = tensors;
        var shape = Shape("recency");
        if (shape.Length != 2) throw Unfit("recency", shape);
        (heads, HistoryLength) = (shape[0], shape[1]);
        shape = Shape("output.weight");
        if (shape.Length != 2) throw Unfit("output.weight", shape);
        (Dimension, hiddenSize) = (shape[0], shape[1]);
        if (heads is < 1 or > 64 || HistoryLength is < 1 or > MaxSize || Dimension is < 1 or > MaxSize || hiddenSize is < 1 or > MaxSize)
            throw new RecSysException($"The user tower's sizes are impossible ({heads} heads, history {HistoryLength}, dimension {Dimension}, hidden {hiddenSize}). Rebuild the model.");

        recency = [.. Values("recency", heads, HistoryLength).Select(MathF.Exp)];
        mix = Values("mix", heads);
        profile = Values("profile.weight", ProfileBuckets.TableRows, Dimension);
        hiddenWeight = Values("hidden.weight", hiddenSize, (heads + 1) * Dimension);
        hiddenBias = Values("hidden.bias", hiddenSize);
        outputWeight = Values("output.weight", Dimension, hiddenSize);
        outputBias = Values("output.bias", Dimension);
        scale = MathF.Sqrt(Dimension);
        recencySums = new float[recency.Length];
        for (var head = 0; head < heads; head++)
        {
            var sum = 0f;
            for (var lag = 0; lag < HistoryLength; lag++) recencySums[head * HistoryLength + lag] = sum += recency[head * HistoryLength + lag];
        }
        if (recencySums.Any(s => !float.IsFinite(s) || s <= 0)) throw new RecSysException("The user tower's recency weights overflow. Rebuild the model.");
    }

    /// <summary>Length of item vectors and of the output.</summary>
    public int Dimension { get; }

    /// <summary>Only this many latest entries are read.</summary>
    public int HistoryLength { get; }

    /// <exception cref="RecSysException">The file cannot be read, is damaged, or holds something else.</exception>
    public static UserTower Load(string safetensorsPath) => new(Safetensors.Read(safetensorsPath));

    public void Save(string path) => Safetensors.Write(path, tensors);

    /// <summary>Computes one user embedding without allocating.</summary>
    /// <param name="history">Rows of <paramref name="itemEmbeddings"/>, oldest first; of longer ones the last <see cref="HistoryLength"/> count.</param>
    /// <param name="profile">Buckets from <see cref="ProfileBuckets.Fill"/>.</param>
    /// <param name="itemEmbeddings">Items x <see cref="Dimension"/>, row-major.</param>
    /// <param name="output"><see cref="Dimension"/> floats, L2-normalised unless all zero.</param>
    /// <exception cref="ArgumentException">A row or bucket does not exist, or a span has the wrong length.</exception>
    public void Embed(ReadOnlySpan<int> history, ReadOnlySpan<int> profile, ReadOnlySpan<float> itemEmbeddings, Span<float> output)
    {
        if (output.Length != Dimension) throw new ArgumentException($"Room for {output.Length} values, {Dimension} are needed.", nameof(output));
        if (itemEmbeddings.Length % Dimension != 0)
            throw new ArgumentException($"{itemEmbeddings.Length} values are not rows of {Dimension}.", nameof(itemEmbeddings));
        var inputs = (heads + 1) * Dimension;
        var buffer = ArrayPool<float>.Shared.Rent(inputs + hiddenSize);
        var input = buffer.AsSpan(0, inputs);
        var hidden = buffer.AsSpan(inputs, hiddenSize);
        try
        {
            input.Clear();
            Pool(history, itemEmbeddings, input);
            AverageProfile(profile, input[(heads * Dimension)..]);

            output.Clear();
            for (var head = 0; head < heads; head++) TensorPrimitives.MultiplyAdd(input.Slice(head * Dimension, Dimension), mix[head], output, output);
            for (var i = 0; i < hidden.Length; i++)
                hidden[i] = hiddenBias[i] + TensorPrimitives.Dot(hiddenWeight.AsSpan(i * inputs, inputs), input);
            Silu(hidden);
            for (var i = 0; i < output.Length; i++)
                output[i] += outputBias[i] + TensorPrimitives.Dot(outputWeight.AsSpan(i * hiddenSize, hiddenSize), hidden);
            var norm = TensorPrimitives.Norm<float>(output);
            if (norm > 0) TensorPrimitives.Divide(output, norm, output);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    private void Pool(ReadOnlySpan<int> history, ReadOnlySpan<float> itemEmbeddings, Span<float> input)
    {
        if (history.Length > HistoryLength) history = history[^HistoryLength..];
        var items = itemEmbeddings.Length / Dimension;
        for (var lag = 0; lag < history.Length; lag++)
        {
            var item = history[^(lag + 1)];
            if ((uint)item >= (uint)items) throw new ArgumentException($"Item row {item} does not exist, there are {items}.", nameof(history));
            var vector = itemEmbeddings.Slice(item * Dimension, Dimension);
            for (var head = 0; head < heads; head++)
            {
                var pooled = input.Slice(head * Dimension, Dimension);
                var weight = scale * recency[head * HistoryLength + lag] / recencySums[head * HistoryLength + history.Length - 1];
                TensorPrimitives.MultiplyAdd(vector, weight, pooled, pooled);
            }
        }
    }

    private void AverageProfile(ReadOnlySpan<int> buckets, Span<float> input)
    {
        foreach (var bucket in buckets)
        {
            if ((uint)bucket >= ProfileBuckets.TableRows) throw new ArgumentException($"Profile bucket {bucket} does not exist.", nameof(buckets));
            TensorPrimitives.Add(input, profile.AsSpan(bucket * Dimension, Dimension), input);
        }
        if (buckets.Length > 1) TensorPrimitives.Divide(input, buckets.Length, input);
    }

    // x * sigmoid(x), written so that the exponential of a large negative value cannot turn into infinity times zero.
    private static void Silu(Span<float> x)
    {
        for (var i = 0; i < x.Length; i++) x[i] /= 1 + MathF.Exp(-x[i]);
    }

    private int[] Shape(string name) => tensors.TryGetValue(name, out var tensor) ? tensor.Shape
        : throw new RecSysException($"The user tower's file has no tensor '{name}'. Rebuild the model.");

    private float[] Values(string name, params int[] shape) => Shape(name).SequenceEqual(shape) ? tensors[name].Values : throw Unfit(name, Shape(name));

    private static RecSysException Unfit(string name, int[] shape) =>
        new($"The user tower's tensor '{name}' has shape [{string.Join(", ", shape)}], which does not fit the others. Rebuild the model.");
}
